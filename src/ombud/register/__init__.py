"""What ombud remembers of requests, recipients and approvals, so that nobody has to."""
