"""The kinds of file that educators submit, and what goes by which name."""

from enum import StrEnum


class Kind(StrEnum):
    """What a file is, by its content; the value is the word that commands print."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    DOC = "doc"
    PPT = "ppt"
    XLS = "xls"
    LOCKED_OFFICE = "locked-office"
    RTF = "rtf"
    EPUB = "epub"
    HTML = "html"
    WEB_ARCHIVE = "web-archive"
    MARKDOWN = "markdown"
    TEXT = "text"
    CSV = "csv"
    VTT = "vtt"
    SRT = "srt"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    TIFF = "tiff"
    GIF = "gif"
    SVG = "svg"
    MP4 = "mp4"
    MOV = "mov"
    WEBM = "webm"
    MP3 = "mp3"
    M4A = "m4a"
    WAV = "wav"
    OGG = "ogg"
    FLAC = "flac"
    ZIP = "zip"
    LINK = "link"
    EMPTY = "empty"
    UNKNOWN = "unknown"


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

# kind: media type, the words for people, the endings of names that fit it
_TABLE: dict[Kind, tuple[str, str, str]] = {
    Kind.PDF: ("application/pdf", "a PDF", "pdf"),
    Kind.DOCX: (f"{_OFFICE}wordprocessingml.document", "a Word document", "docx docm dotx"),
    Kind.PPTX: (f"{_OFFICE}presentationml.presentation", "a PowerPoint deck", "pptx pptm ppsx potx"),
    Kind.XLSX: (f"{_OFFICE}spreadsheetml.sheet", "an Excel workbook", "xlsx xlsm xltx"),
    Kind.ODT: (f"{_ODF}text", "an OpenDocument text", "odt ott"),
    Kind.ODS: (f"{_ODF}spreadsheet", "an OpenDocument spreadsheet", "ods ots"),
    Kind.ODP: (f"{_ODF}presentation", "an OpenDocument presentation", "odp otp"),
    Kind.DOC: ("application/msword", "an older Word document", "doc dot"),
    Kind.PPT: ("application/vnd.ms-powerpoint", "an older PowerPoint deck", "ppt pps"),
    Kind.XLS: ("application/vnd.ms-excel", "an older Excel workbook", "xls xlt"),
    Kind.LOCKED_OFFICE: (
        "application/x-ole-storage",
        "an Office file with a password",
        "docx pptx xlsx docm pptm xlsm",
    ),
    Kind.RTF: ("application/rtf", "a rich text document", "rtf doc"),
    Kind.EPUB: ("application/epub+zip", "an e-book", "epub"),
    Kind.HTML: ("text/html", "a web page", "html htm xhtml"),
    Kind.WEB_ARCHIVE: ("multipart/related", "a saved web page", "mht mhtml"),
    Kind.MARKDOWN: ("text/markdown", "a Markdown text", "md markdown txt"),
    Kind.TEXT: ("text/plain", "a plain text", "txt text log asc"),
    Kind.CSV: ("text/csv", "a table in plain text", "csv tsv tab txt"),
    Kind.VTT: ("text/vtt", "captions", "vtt"),
    Kind.SRT: ("application/x-subrip", "captions", "srt"),
    Kind.JPEG: ("image/jpeg", "a JPEG picture", "jpg jpeg jpe jfif"),
    Kind.PNG: ("image/png", "a PNG picture", "png apng"),
    Kind.WEBP: ("image/webp", "a WebP picture", "webp"),
    Kind.HEIC: ("image/heic", "a HEIC picture", "heic heif hif avif"),
    Kind.TIFF: ("image/tiff", "a TIFF picture", "tif tiff"),
    Kind.GIF: ("image/gif", "a GIF picture", "gif"),
    Kind.SVG: ("image/svg+xml", "an SVG drawing", "svg"),
    Kind.MP4: ("video/mp4", "an MP4 recording", "mp4 m4v m4a m4b"),
    Kind.MOV: ("video/quicktime", "a QuickTime recording", "mov qt"),
    Kind.WEBM: ("video/webm", "a WebM recording", "webm mkv"),
    Kind.MP3: ("audio/mpeg", "an MP3 recording", "mp3"),
    Kind.M4A: ("audio/mp4", "an M4A recording", "m4a m4b mp4"),
    Kind.WAV: ("audio/wav", "a WAV recording", "wav"),
    Kind.OGG: ("audio/ogg", "an Ogg recording", "ogg oga opus ogv"),
    Kind.FLAC: ("audio/flac", "a FLAC recording", "flac"),
    Kind.ZIP: ("application/zip", "a ZIP archive", "zip"),
    Kind.LINK: ("text/uri-list", "a link", "url webloc desktop uri"),
    Kind.EMPTY: ("application/octet-stream", "an empty file", ""),
    Kind.UNKNOWN: ("application/octet-stream", "a file of unknown kind", ""),
}

TEXT_KINDS = frozenset({Kind.TEXT, Kind.MARKDOWN, Kind.CSV, Kind.VTT, Kind.SRT})

_KNOWN_ENDINGS = frozenset(ending for _, _, endings in _TABLE.values() for ending in endings.split())


def media_type(kind: Kind) -> str:
    """Return the media type under which a kind travels."""
    return _TABLE[kind][0]


def ending_for(media_type: str) -> str:
    """Return the usual ending of a file name for a media type, with its dot; none where the type says nothing."""
    endings = (endings for known, _, endings in _TABLE.values() if known == media_type and endings)
    return next((f".{each.split()[0]}" for each in endings), "")


def in_words(kind: Kind) -> str:
    """Return the kind as people call it, with its article."""
    return _TABLE[kind][1]


def ending_of(name: str) -> str:
    """Return the ending of a file name in lower case, without the dot."""
    _, dot, ending = name.rpartition(".")
    return ending.lower() if dot else ""


def name_fits(kind: Kind, name: str) -> bool:
    """Return whether a name's ending fits the content; an ending that nobody knows says nothing."""
    ending = ending_of(name)
    return ending not in _KNOWN_ENDINGS or kind is Kind.EMPTY or ending in _TABLE[kind][2].split()
