"""Bundle files on disks, and the files of attachments inside them."""
