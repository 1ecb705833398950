enum PlaceholderIssuing {}
