"""``ProfileStore``: the profiles of a session, with those that are saved on this machine among them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock, RLock

from workbench.profiles.private_folder import ProfilesError
from workbench.profiles.profile import DEFAULT, InvalidName, Profile, checked_name
from workbench.profiles.saved_profiles import Place, SavedProfiles, SavedSet


@dataclass(slots=True)
class _Session:
    """The profiles of one integration, by name; ``selected`` is the one that runs use by default."""

    profiles: dict[str, Profile]
    selected: str
    saved: SavedSet | None = None
    remembered: set[str] = field(default_factory=set)


class ProfileStore:
    """The profiles of each integration, by its folder. Safe to use from several threads.

    Every integration has at least one profile, at first an empty one called ``default``. Of saved profiles the one that
    was selected last is selected again by the next workbench.
    """

    def __init__(self, saved: SavedProfiles | None = None) -> None:
        """Without ``saved``, profiles are in memory only."""
        self._saved = saved
        self._lock = Lock()
        self._turns: dict[Path, RLock] = {}
        self._sessions: dict[Path, _Session] = {}

    @property
    def next_place(self) -> Place:
        """Where "Remember on this machine" would save a profile; SESSION where it cannot."""
        return Place.SESSION if self._saved is None else self._saved.next_place

    def path(self, root: Path) -> Path | None:
        """The file of the saved profiles of ``root``, whether there is one or not."""
        return None if self._saved is None else self._saved.path(root)

    def names(self, root: Path) -> tuple[str, ...]:
        """The names of the profiles, in the order in which they were made."""
        with self._session(root) as session:
            return tuple(session.profiles)

    def selected(self, root: Path) -> str:
        """The name of the profile that is selected."""
        with self._session(root) as session:
            return session.selected

    def select(self, root: Path, name: str) -> None:
        """Select a profile, where it exists."""
        with self._session(root) as session:
            if name in session.profiles and name != session.selected:
                self._select(session, root, name)

    def find(self, root: Path, name: str) -> Profile | None:
        """The profile called ``name``, or None."""
        with self._session(root) as session:
            return session.profiles.get(name)

    def get(self, root: Path, name: str = "") -> Profile:
        """The profile called ``name``, else the one that is selected."""
        with self._session(root) as session:
            return session.profiles.get(name) or session.profiles[session.selected]

    def place(self, root: Path, name: str) -> Place:
        """Where the profile is."""
        with self._session(root) as session:
            saved = name in session.remembered and session.saved is not None
            return session.saved.place if saved and session.saved else Place.SESSION

    def saved(self, root: Path) -> SavedSet | None:
        """What is saved of ``root``, with the errors of reading it; None where nothing can be."""
        with self._session(root) as session:
            return session.saved

    def put(self, root: Path, profile: Profile, *, remember: bool | None = None) -> None:
        """Store a profile, in place of one of the same name. Raises :class:`ProfilesError`.

        ``remember`` says whether it is saved on this machine; None leaves that as it is. Where it cannot be saved, it
        is in memory nevertheless.
        """
        with self._session(root) as session:
            session.profiles[profile.name] = profile
            wanted = profile.name in session.remembered if remember is None else remember
            if wanted:
                self._save(session, root, profile)
            elif profile.name in session.remembered:
                self._unsave(session, root, profile.name)

    def add(self, root: Path, name: str, like: str = "") -> str:
        """Make a new profile, empty or as the one called ``like``, and select it; returns its name.

        Raises :class:`InvalidName`.
        """
        name = checked_name(name)
        with self._session(root) as session:
            if name in session.profiles:
                raise InvalidName(f"There is a profile “{name}” already. Type another name.")
            template = session.profiles.get(like) or Profile()
            session.profiles[name] = replace(template, name=name)
            self._select(session, root, name)
            return name

    def rename(self, root: Path, old: str, new: str) -> str:
        """Give a profile another name, where it is saved too; returns it.

        Raises :class:`InvalidName` and :class:`ProfilesError`.
        """
        new = checked_name(new)
        with self._session(root) as session:
            if old not in session.profiles or new == old:
                return old
            if new in session.profiles:
                raise InvalidName(f"There is a profile “{new}” already. Type another name.")
            remembered = old in session.remembered
            renamed = replace(session.profiles[old], name=new)
            if remembered:
                self._save(session, root, renamed)
                self._unsave(session, root, old)
            session.profiles = {
                new if name == old else name: renamed if name == old else one
                for name, one in session.profiles.items()
                if name != new
            }
            if session.selected == old:
                self._select(session, root, new)
            return new

    def forget(self, root: Path, name: str) -> None:
        """Delete a profile, where it is saved too. Raises :class:`ProfilesError`, and the profile then stays."""
        with self._session(root) as session:
            if name in session.remembered:
                self._unsave(session, root, name)
            session.profiles.pop(name, None)
            if not session.profiles:
                session.profiles[DEFAULT] = Profile()
            if session.selected not in session.profiles:
                self._select(session, root, next(iter(session.profiles)))

    def _save(self, session: _Session, root: Path, profile: Profile) -> None:
        if self._saved is not None:
            session.saved = self._saved.put(root, profile)
            session.remembered.add(profile.name)
            if profile.name == session.selected != session.saved.selected:
                self._select(session, root, profile.name)

    def _select(self, session: _Session, root: Path, name: str) -> None:
        session.selected = name
        if self._saved is not None and name in session.remembered:
            with suppress(ProfilesError):  # the next workbench then selects another: no reason to stop this one
                self._saved.select(root, name)

    def _unsave(self, session: _Session, root: Path, name: str) -> None:
        if self._saved is not None:
            session.saved = self._saved.remove(root, name)
        session.remembered.discard(name)

    @contextmanager
    def _session(self, root: Path) -> Iterator[_Session]:
        with self._lock:
            turn = self._turns.setdefault(root, RLock())
        with turn:  # its own: a keyring that asks the person to unlock it keeps only this integration waiting
            session = self._sessions.get(root)
            if session is None:
                session = self._sessions[root] = self._opened(root)
            yield session

    def _opened(self, root: Path) -> _Session:
        saved = None if self._saved is None else self._saved.read(root)
        profiles = {profile.name: profile for profile in saved.profiles} if saved else {}
        remembered = set(profiles)
        profiles = profiles or {DEFAULT: Profile()}
        last = saved.selected if saved and saved.selected in profiles else next(iter(profiles))
        return _Session(profiles, last, saved, remembered)
