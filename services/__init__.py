"""Floor 2: use cases. One class per desk; every change is one transaction, checked for permission."""
