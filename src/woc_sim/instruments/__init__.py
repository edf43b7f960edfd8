"""How the world is observed: virtual instruments that ask the simulated place as the study asked the real one."""
