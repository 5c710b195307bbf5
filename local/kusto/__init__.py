"""The queries of infra/queries: checks what they use and whether they can be run, and makes the
workbook from them."""
