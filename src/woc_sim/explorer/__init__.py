"""The explorer: two settings side by side in a browser, simulated anew while a slider moves.

`pair` holds what was simulated, `view` says what shows it, `work` simulates, `page` puts the screen together.
Only `page`, `controls` and the views know Panel and Bokeh, which are imported when the explorer starts.
"""
