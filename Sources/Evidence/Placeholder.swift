enum PlaceholderEvidence {}
