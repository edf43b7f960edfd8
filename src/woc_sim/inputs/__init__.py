"""What the study's places, legal frameworks and calendar are: tables with a source in every row.

Nothing here is fitted to the findings of the study: the tables hold Table A1 of the final paper, law,
official statistics, and judgement that says so ("assumed: reason").
"""
