"""What a request asks, as a digest: two requests with the same one are one request."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest
from rest_framework.parsers import MultiPartParser

FORM = "multipart/form-data"


def digest_of(request: HttpRequest, view: Callable[..., Any]) -> str:
    """Method, address and body; of an upload its fields and files, however they were cut apart.

    Raises what is raised for a body that cannot be read.
    """
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != FORM:
        found.update(request.body)
    elif _takes_forms(view):
        _read_form(request)
        for part in _parts(request):
            found.update(part)
    return found.hexdigest()  # a form the view does not take is refused by it


def _takes_forms(view: Callable[..., Any]) -> bool:
    parsers = getattr(getattr(view, "cls", None), "parser_classes", ())
    return any(issubclass(each, MultiPartParser) for each in parsers)


def _read_form(request: Any) -> None:
    """Large files go to disk as they come. Django does so for POST only."""
    if request.method == "POST":
        request.POST  # noqa: B018  # reads it
    else:
        request._post, request._files = request.parse_file_upload(request.META, request)


def _parts(request: HttpRequest) -> Iterable[bytes]:
    for name, values in sorted(request.POST.lists()):
        yield from _framed("field", name, *values)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield from _framed("file", name, file.name or "", file.content_type or "")
            yield _content(file)


def _framed(*texts: str) -> Iterable[bytes]:
    """Each with its length, so that no text passes for the end of another."""
    yield f"{len(texts)};".encode()
    for text in texts:
        told = str(text).encode(errors="surrogatepass")
        yield f"{len(told)};".encode() + told


def _content(file: Any) -> bytes:
    """A digest of its bytes, a piece in memory at a time; the file is at its beginning again."""
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    file.seek(0)
    return found.digest()
