# docker build -t woc-sim .
# docker run --rm -v "$PWD/out:/home/user/woc-sim/out" woc-sim run case=C21 seed=7 out=out/c21
FROM python:3.11
RUN useradd --create-home user && mkdir /home/user/woc-sim && chown user:user /home/user/woc-sim
USER user
WORKDIR /home/user/woc-sim
COPY --chown=user:user . .
RUN ./run setup
ENTRYPOINT [".venv/bin/woc-sim"]
CMD ["--help"]
