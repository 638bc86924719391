"""Questions asked of the app. One module is one check; its file name is the check's id."""
