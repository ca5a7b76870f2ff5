"""What a run uses of Ray, in this process and at once: the caller's part of it, without a cluster."""

from types import SimpleNamespace


class RayInPlace:
    """Calls what Ray would have other processes call."""

    class exceptions:  # noqa: N801 - as Ray calls it
        """Ray's errors."""

        class RayError(Exception):
            """What ends a job."""

    def __init__(self):
        self.context = SimpleNamespace(
            enable_progress_bars=True, print_on_execution_start=True, target_max_block_size=1
        )
        self.data = SimpleNamespace(
            DataContext=SimpleNamespace(get_current=lambda: self.context),
            ActorPoolStrategy=lambda **options: options,
            from_items=lambda items, **options: Rows(items),
        )

    def cluster_resources(self):
        """Two cores and one for what prepares."""
        return {"CPU": 3.0}

    def remote(self, **options):
        """A function or a class as Ray wraps it."""

        def wrap(thing):
            if isinstance(thing, type):
                return SimpleNamespace(remote=lambda: Actor(thing()))
            return SimpleNamespace(remote=lambda *arguments: Answer(thing(*arguments)))

        return wrap

    def get(self, reference):
        """The answer, or those of a list."""
        return [each.value for each in reference] if isinstance(reference, list) else reference.value

    def wait(self, references, timeout=None):
        """All are ready."""
        return references, []


class Answer:
    """A reference to what is there already."""

    def __init__(self, value):
        self.value = value


class Actor:
    """Its methods."""

    def __init__(self, thing):
        self._thing = thing

    def __getattr__(self, name):
        return SimpleNamespace(remote=lambda *arguments: Answer(getattr(self._thing, name)(*arguments)))


class Rows:
    """A data set, worked on row by row; the last come first, as nothing promises an order."""

    def __init__(self, rows):
        self._rows = rows

    def map(self, function, fn_args=(), **options):
        """A function of each row."""
        return Rows(function(row, *fn_args) for row in reversed(list(self._rows)))

    def map_batches(self, kind, *, fn_constructor_args, **options):
        """A class of each row as a batch."""
        worker = kind(*fn_constructor_args)
        return Rows(
            {name: column[0] for name, column in worker({n: [v] for n, v in row.items()}).items()}
            for row in self._rows
        )

    def iter_rows(self):
        """One by one."""
        return iter(self._rows)
