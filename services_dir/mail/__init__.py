"""Mail: an outbox in the database, filled in the transaction of a deed and emptied by `work`."""

from services_dir.mail import rendering as rendering  # registers itself: whoever can enqueue can also render
