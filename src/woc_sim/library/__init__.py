"""The library as Python users meet it: `woc_sim` exports its functions and types, each on first use."""
