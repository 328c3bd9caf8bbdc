"""What leaders ask: lists, figures and papers about the register."""
