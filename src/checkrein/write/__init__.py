"""Changes become edits at exact spans of the user's own files, keeping comments and style."""

from checkrein.write.batches import edits_of_each as edits_of_each
from checkrein.write.edits import edits as edits
from checkrein.write.edits import settle as settle
from checkrein.write.files import new_file as new_file
from checkrein.write.files import replace_files as replace_files
from checkrein.write.lock import comments_of as comments_of
from checkrein.write.lock import lock_text as lock_text
from checkrein.write.refusals import CannotEdit as CannotEdit
