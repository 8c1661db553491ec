"""One folder per page, named by the page's English title: what that page alone needs."""
