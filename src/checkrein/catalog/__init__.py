"""Knowledge as data files, and their loaders. Every file says its source, licence and date."""
