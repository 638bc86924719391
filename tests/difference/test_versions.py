"""Which versions words mean; git's files are read as they are, and nothing of a repository runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from checkrein.pipeline import versions
from checkrein.pipeline.versions import Opened, opened, sides, workplace
from tests.difference.conftest import Ask, commit, git

CLOSED = """\
Resources:
  Photos:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: [s3:GetBucketLocation]
            Resource: [!GetAtt Photos.Arn, !Sub "${Photos.Arn}/*"]
"""
OPEN = CLOSED.replace("Location]", "Location, s3:GetObject]")
LEAVES = "This change lets anyone read S3 Photos."
NOTHING = "Nothing changes"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bucket whose place anyone may ask for, and code that nothing runs."""
    (tmp_path / "shop" / "code").mkdir(parents=True)
    for name in ("list", "order"):
        (tmp_path / "shop" / "code" / f"{name}.py").write_text(f"# {name}\n")
    (tmp_path / "shop" / "template.yaml").write_text(CLOSED)
    return tmp_path / "shop"


@pytest.fixture
def repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose second commit lets more; a branch ``before`` stands at the first."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    commit(folder)
    git(folder, "branch", "before")
    (folder / "template.yaml").write_text(OPEN)
    commit(folder)
    return folder


def names(*words: str, within: tuple[Path, ...] = ()) -> list[str]:
    return [side.version.name for side in sides(words, within)]


def files(*words: str, within: tuple[Path, ...] = ()) -> list[dict[str, str]]:
    """Return what each side's files hold, by their paths."""
    found = []
    for side in sides(words, within):
        with workplace() as folder:
            there = opened(side, folder)
            root = there.paths[0]
            known = sorted(path for path in root.rglob("*") if path.is_file())
            found.append({str(path.relative_to(root)): path.read_text() for path in known})
    return found


def test_a_commit_and_another(repository: Path, ask: Ask) -> None:
    _, said, _ = ask("before", "main")

    assert LEAVES in said.splitlines()[0]
    assert said.splitlines()[1].startswith("before (")


def test_head_and_the_work_tree(repository: Path, ask: Ask) -> None:
    assert ask()[1].startswith(NOTHING)
    assert names() == [f"HEAD ({git(repository, 'rev-parse', 'HEAD')[:10]})", "the work tree"]
    (repository / "template.yaml").write_text(CLOSED)
    assert ask()[1].startswith("This change only takes away")
    assert git(repository, "status", "--porcelain") == "M template.yaml"
    assert ask("before")[1].startswith(NOTHING)


def test_from_where_two_branches_parted(repository: Path) -> None:
    base = git(repository, "rev-parse", "before")
    git(repository, "checkout", "-q", "-b", "other", "before")
    commit(repository)

    assert names("main...other") == [
        base[:10],
        f"other ({git(repository, 'rev-parse', 'other')[:10]})",
    ]
    assert names("main...")[0] == base[:10]
    assert [name.split()[0] for name in names("main..other")] == ["main", "other"]


def test_one_folder_of_a_repository(repository: Path, ask: Ask) -> None:
    (repository / "services").mkdir()
    shutil.move(repository / "template.yaml", repository / "services")
    shutil.move(repository / "code", repository / "services")
    commit(repository)
    code, said, _ = ask("HEAD~1", "HEAD", "--in", "services")

    assert code == 0
    assert said.startswith("Everything is new: ")
    assert "note: HEAD~1 " in said
    assert "has no services\n" in said
    assert "renamed: template -> services/template" in ask("HEAD~1", "HEAD")[1]
    assert ask("--in", "nowhere")[2].endswith("has nowhere\n")


def test_a_template_alone(repository: Path, ask: Ask) -> None:
    assert LEAVES in ask("before", "main", "--in", "template.yaml")[1]


def test_in_a_folder_below(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "code")

    assert [sorted(each) for each in files()] == [["list.py", "order.py"]] * 2


def test_what_git_ignores_makes_no_difference(repository: Path) -> None:
    (repository / ".gitignore").write_text("built/\n")
    (repository / "built").mkdir()
    (repository / "built" / "order.py").write_text("made")
    (repository / "code" / "new.py").write_text("untracked")
    before, after = files()

    assert sorted(set(after) - set(before)) == [".gitignore", "code/new.py"]


def test_a_deleted_file_is_gone_from_the_work_tree(repository: Path) -> None:
    (repository / "code" / "list.py").unlink()
    before, after = files()

    assert sorted(set(before) - set(after)) == ["code/list.py"]


def test_nothing_is_left_behind(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    files("before", "main")

    assert list((tmp_path / "temporary").iterdir()) == []


WRONG = {
    "mian": "mian is no commit, branch or tag here, nor a file or folder; did you mean main?\n",
    "befor": "befor is no commit, branch or tag here, nor a file or folder; did you mean before?\n",
    "both": "both is both a file or folder and a commit: write ./both for the one, refs/heads/both",
    "twice": "twice names several things in this repository: write refs/heads/twice or refs/tags",
    "template.yml": "nor a file or folder; did you mean template.yaml?\n",
    "nowhere/": "nowhere/ is no commit, branch or tag here, nor a file or folder; ",
}


@pytest.mark.parametrize("word", WRONG)
def test_words_that_mean_nothing_or_two_things(word: str, repository: Path, ask: Ask) -> None:
    git(repository, "branch", "both")
    (repository / "both").mkdir()
    git(repository, "branch", "twice")
    git(repository, "tag", "twice", "before")
    code, _, said = ask(word)

    assert code == 2
    assert WRONG[word] in said


def test_a_ref_that_looks_like_an_option(repository: Path, ask: Ask) -> None:
    assert ask("--", "--upload-pack=touch x")[0] == 2
    assert ask("--", "-x")[2] == (
        "checkrein: -x is no commit, branch or tag here, nor a file or folder; "
        "git branch --all lists the branches.\n"
    )
    assert ask("main", "main", "main")[2].endswith("give two words at most\n")


def test_outside_a_repository(tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert ask()[2].endswith(
        "is in no git repository: name two folders, or a folder and what scan --save wrote\n"
    )
    assert ask("here", "there")[0] == 2


def test_without_git(
    folder: Path, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert ask()[2].startswith("checkrein: there is no git on this machine: name two folders")
    assert ask(folder, folder)[1].startswith(NOTHING)


def test_before_the_first_commit(folder: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    git(folder, "init", "-q")
    monkeypatch.chdir(folder)
    _, said, _ = ask()

    assert said.startswith("Everything is new: ")
    assert "note: there is no commit yet: everything is new" in said


def test_a_shallow_clone(
    repository: Path, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")

    assert ask("HEAD~1")[2] == (
        "checkrein: HEAD~1 is not in this shallow clone: git fetch --unshallow, "
        "or fetch-depth: 0 where a workflow checks out\n"
    )
    assert "It may not have been fetched: this is a shallow clone" in ask("before")[2]
    assert ask()[1].startswith(NOTHING)


def test_branches_with_nothing_in_common(repository: Path, ask: Ask) -> None:
    git(repository, "checkout", "-q", "--orphan", "apart")
    commit(repository)

    assert ask("main...apart")[2] == (
        "checkrein: the two have no commit in common: name them as two words, without ...\n"
    )


def test_no_link_leads_out_of_the_copy(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("secret")
    (repository / "deep" / "er").mkdir(parents=True)
    links = {
        "inside.yaml": "template.yaml",
        "outside.yaml": str(tmp_path / "secret.yaml"),
        "above.yaml": "../secret.yaml",
        "deep/er/top": "../..",
        "deep/er/through.yaml": "top/../secret.yaml",
        "loop": "loop",
    }
    for name, target in links.items():
        (repository / name).symlink_to(target)
    commit(repository)
    for side in sides(("HEAD",), ()):
        with workplace() as folder:
            there = opened(side, folder)
            root = there.paths[0]
            kept = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_symlink())
            assert kept == ["deep/er/top", "inside.yaml", "loop"]
            assert there.notes == (
                (
                    "links that lead outside are not followed: "
                    "above.yaml, deep/er/through.yaml, outside.yaml"
                ),
            )


def standing(*words: str, anew: bool) -> list[tuple[dict[str, str], Opened]]:
    """Return what is there of each version, by path: content, or where a link leads."""
    found = []
    with ExitStack() as places:
        place = places.enter_context(workplace())
        for side, _ in (sides((word, "HEAD"), ()) for word in words):
            place = places.enter_context(workplace()) if anew else place
            there = opened(side, place)
            root = there.paths[0]
            known = {str(path.relative_to(root)): _told(path) for path in root.rglob("*")}
            found.append((known, replace(there, paths=())))
    return found


def _told(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return "folder" if path.is_dir() else path.read_text()


CHANGES: tuple[dict[str, str | None], ...] = (
    {"kept.py": "1", "changed.py": "2", "gone/deep/gone.py": "3", "swap": "4", "turn/in.py": "5"},
    {
        "changed.py": "6",
        "gone/deep/gone.py": None,
        "swap": None,
        "swap/new.py": "7",
        "also.py": "1",
    },
    {"kept.py": None, "turn/in.py": None, "turn": "8", "far": "-> /etc", "near": "-> also.py"},
    {"far": None, "far/in.py": "9", "near": "a file", "page.png": "1", "same.py": "1"},
    {"a.yaml": POINTER, "b.yaml": POINTER, "also.py": None},
    {"a.yaml": None, "swap/new.py": None, "swap": "4", "page.png": "2", "page.py": "2"},
)


def test_a_version_after_another_is_as_it_is_alone(repository: Path) -> None:
    for number, changes in enumerate(CHANGES):
        for path, content in changes.items():
            file = repository / path
            if content is None or file.is_symlink():
                file.unlink()
                _without_empty(file.parent, repository)
            if content is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                if content.startswith("-> "):
                    file.symlink_to(content.removeprefix("-> "))
                else:
                    file.write_text(content)
        commit(repository)
        git(repository, "branch", f"v{number}")
    words = [f"v{number}" for number in range(len(CHANGES))]
    words += [*reversed(words), "v2", "v0", "v4", "before"]

    assert standing(*words, anew=False) == standing(*words, anew=True)


def _without_empty(folder: Path, top: Path) -> None:
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def test_of_two_commits_what_both_hold_is_written_once(repository: Path) -> None:
    (repository / "other.py").write_text("x = 1\n")
    commit(repository)
    with workplace() as place:
        stood = [
            (opened(side, place).paths[0] / "template.yaml").stat()
            for side in sides(("HEAD~1", "HEAD"), ())
        ]
    assert stood[0] == stood[1]


def test_nothing_is_left_of_a_folder_that_a_version_lacks(repository: Path) -> None:
    (repository / "extra").mkdir()
    (repository / "extra" / "more.py").write_text("x = 1\n")
    commit(repository)
    with workplace() as place:
        for side in sides(("HEAD", "HEAD~1"), (Path("code"), Path("extra"))):
            there = opened(side, place)
        assert [path.name for path in there.paths] == ["code"]
        assert [path.name for path in there.paths[0].parent.iterdir()] == ["code"]


def test_a_tree_that_means_harm(repository: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:template.yaml")
    listed = f"100644 blob {blob}\t..\n100644 blob {blob}\t.git\n100644 blob {blob}\tplain.yaml\n"
    made = ["git", "-C", str(repository), "mktree"]
    tree = subprocess.run(made, input=listed, capture_output=True, text=True, check=True).stdout
    (side, _) = sides((tree.strip(), "HEAD"), ())
    with workplace() as folder:
        there = opened(side, folder)
        assert [path.name for path in there.paths[0].iterdir()] == ["plain.yaml"]
        assert "'..' is no path that a file may have" in there.notes


def test_nothing_is_made_below_a_link_of_the_same_name(repository: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    there, target = (_object(repository, "blob", t) for t in (bytes(victim), b"/etc/hosts"))
    inner = _object(repository, "tree", _entry("120000", "planted", target))
    folder = _object(repository, "tree", _entry("40000", "new", inner))
    plain = _entry("100644", "plain.yaml", git(repository, "rev-parse", "HEAD:template.yaml"))
    twice = _entry("120000", "a", there) + _entry("40000", "a", folder) + plain
    (side, _) = sides((_object(repository, "tree", twice), "HEAD"), ())
    with workplace() as place:
        made = opened(side, place)
        assert [path.name for path in made.paths[0].iterdir()] == ["plain.yaml"]
        assert made.missing == ("a/new/planted: the link cannot be made",)
    assert list(victim.iterdir()) == []


def _entry(mode: str, name: str, id: str) -> bytes:
    return f"{mode} {name}\0".encode() + bytes.fromhex(id)


def _object(repository: Path, kind: str, content: bytes) -> str:
    """Write an object as it is, however wrong."""
    made = ["git", "-C", str(repository), "hash-object", "-t", kind, "-w", "--literally", "--stdin"]
    return (
        subprocess.run(made, input=content, capture_output=True, check=True).stdout.decode().strip()
    )


def test_a_tree_of_trees_that_names_endless_files(
    repository: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    for _ in range(6):
        tree = _object(repository, "tree", b"".join(_entry("40000", n, tree) for n in "abcdefgh"))
    monkeypatch.setattr("checkrein.read.git.LONGEST", 1_000_000)
    code, _, said = ask("HEAD", tree)
    assert (code, said.count("holds too many files: name a folder with --in")) == (2, 1)


def test_an_object_that_no_reader_opens_takes_no_room(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "large.yaml").write_text("x" * 5_000_000)
    commit(repository)
    (repository / "larger.yaml").write_text("x" * 6_000_000)
    monkeypatch.setattr("checkrein.read.git.LARGEST", 4_000_000)
    monkeypatch.setattr("checkrein.read.snapshots.LARGEST", 4_000_000)
    for side in sides(("HEAD",), ()):
        with workplace() as folder:
            there = opened(side, folder)
            found = (there.paths[0] / "large.yaml").stat()
            assert (found.st_size, found.st_blocks < 100) == (5_000_000, True)
            assert (there.paths[0] / "template.yaml").read_text() == OPEN
    with workplace() as folder:
        there = opened(side, folder)
        assert (there.paths[0] / "larger.yaml").stat().st_size == 6_000_000


def test_a_name_in_a_sentence_commands_no_terminal(repository: Path, ask: Ask) -> None:
    (repository / "rides\x1b[2J").touch()
    code, _, said = ask("rides")
    assert (code, "\x1b" in said, "did you mean rides\ufffd[2J?" in said) == (2, False, True)


def test_what_a_repository_configures_is_not_run(
    repository: Path, tmp_path: Path, ask: Ask
) -> None:
    ran = tmp_path / "ran"
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    (repository / ".gitattributes").write_text("* filter=bad diff=bad\n")
    for name in (
        "core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "filter.bad.clean",
        "filter.bad.smudge", "filter.bad.process", "diff.bad.textconv", "core.editor",
        "core.askpass", "credential.helper", "core.gitProxy", "uploadpack.packObjectsHook",
    ):  # fmt: skip
        git(repository, "config", name, str(script))
    hooks = repository / ".git" / "hooks"
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(script, hooks / name)
    (repository / "code" / "list.py").write_text("# another\n")
    index = (repository / ".git" / "index").read_bytes()

    assert ask()[0] == 0
    assert ask("before...main")[0] == 0
    assert not ran.exists()
    assert (repository / ".git" / "index").read_bytes() == index


def test_a_partial_clone_fetches_nothing(
    repository: Path, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    source = f"file://{repository}"
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", source, "partial")
    monkeypatch.chdir(tmp_path / "partial")
    code, said, _ = ask("HEAD~1", "HEAD")

    assert code == 3
    assert "the content of code/list.py, code/order.py, template.yaml: git fetch brings it" in said


def test_a_submodule_is_read_where_it_is(
    repository: Path, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main")
    git(outer, "submodule", "--quiet", "add", str(repository), "shop")
    git(outer / "shop", "checkout", "-q", "HEAD~1")
    commit(outer)
    git(outer / "shop", "checkout", "-q", "main")
    commit(outer)
    monkeypatch.chdir(outer)

    assert LEAVES in ask("HEAD~1", "HEAD")[1].splitlines()[0]
    assert ask()[1].startswith(NOTHING)
    shutil.rmtree(outer / "shop")
    (outer / "shop").mkdir()
    code, said, _ = ask("HEAD~1", "HEAD")
    assert code == 3
    assert "the submodule shop: git submodule update --init" in said


def test_no_link_leads_to_the_submodule_of_another_repository(
    repository: Path, tmp_path: Path
) -> None:
    private = tmp_path / "private" / "notes"
    private.mkdir(parents=True)
    (private / "secret.yaml").write_text("secret")
    commit(private)
    (repository / "a").symlink_to(private.parent)
    folder = _object(
        repository, "tree", _entry("160000", "notes", git(private, "rev-parse", "HEAD"))
    )
    tree = _object(repository, "tree", _entry("40000", "a", folder))
    (side, _) = sides((tree, "HEAD"), ())
    with workplace() as place:
        made = opened(side, place)
        assert list(made.paths[0].rglob("secret.yaml")) == []
        assert made.missing == ("the submodule a/notes: git submodule update --init",)


def test_what_git_lfs_keeps_is_read_where_it_is(repository: Path) -> None:
    id = "0" * 64
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize 9\n"
    (repository / "code" / "list.py").write_text(pointer)
    commit(repository)
    (side, _) = sides(("HEAD",), ())
    with workplace() as folder:
        there = opened(side, folder)
        assert there.notes == ("only Git LFS has the content of code/list.py",)
    stored = repository / ".git" / "lfs" / "objects" / id[:2] / id[2:4]
    stored.mkdir(parents=True)
    (stored / id).write_text("the whole")

    assert files("HEAD")[0]["code/list.py"] == "the whole"


def test_a_sparse_checkout_has_lost_nothing(repository: Path) -> None:
    git(repository, "sparse-checkout", "set", "--no-cone", "/template.yaml")
    assert not (repository / "code").exists()
    before, after = files()

    assert before == after
    assert sorted(after) == ["code/list.py", "code/order.py", "template.yaml"]


def test_a_bare_repository_by_its_address(
    repository: Path, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "bare"))

    assert LEAVES in ask("HEAD~1", "HEAD")[1].splitlines()[0]
    assert ask()[2] == "checkrein: this repository has no work tree: name two commits\n"


def test_folders_in_two_repositories(repository: Path, tmp_path: Path, ask: Ask) -> None:
    other = tmp_path / "other"
    other.mkdir()
    commit(other)

    assert "are in several repositories" in ask("--in", repository, "--in", other)[2]


def test_media_is_there_and_empty(repository: Path) -> None:
    (repository / "logo.png").write_text("a picture")

    assert files()[1]["logo.png"] == ""


def test_only_what_readers_open_is_read_again(repository: Path, ask: Ask) -> None:
    (repository / "README.md").write_text("a shop")
    commit(repository)
    (repository / "README.md").write_text("a large shop")
    commit(repository)
    (repository / "code" / "list.py").write_text("# nothing")
    commit(repository)

    assert versions.alike(*sides(("HEAD~2", "HEAD~1"), ()))
    assert not versions.alike(*sides(("HEAD~3", "HEAD~2"), ()))
    assert not versions.alike(*sides(("HEAD~1", "HEAD"), ()))
    assert ask("HEAD~2", "HEAD~1")[1].startswith(NOTHING)


def test_as_a_hook_of_the_outer_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main")
    git(outer, "submodule", "--quiet", "add", str(repository), "shop")
    commit(outer)
    monkeypatch.chdir(outer)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    before, after = files()

    assert before == after
    assert "shop/template.yaml" in before
