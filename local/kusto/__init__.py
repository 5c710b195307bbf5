"""The queries of infra/queries: what they may ask, whether they can be asked, and the workbook made of them."""
