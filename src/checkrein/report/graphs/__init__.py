"""An app's picture for other programs: documents, drawing tools, threat models, inventories."""
