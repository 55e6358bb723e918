// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Media types by the ending of a name: a hint for whoever opens the item, not a finding.
enum MediaType {
    /// What is said of a file whose ending tells nothing.
    static let unknown = "application/octet-stream"

    private static let types: [String: String] = [
        "aac": "audio/aac", "avi": "video/x-msvideo", "bmp": "image/bmp", "csv": "text/csv",
        "doc": "application/msword", "eml": "message/rfc822", "gif": "image/gif",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "gz": "application/gzip", "heic": "image/heic", "heif": "image/heif",
        "htm": "text/html", "html": "text/html", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "json": "application/json", "m4a": "audio/mp4", "mkv": "video/matroska",
        "mov": "video/quicktime", "mp3": "audio/mpeg", "mp4": "video/mp4", "oga": "audio/ogg",
        "odt": "application/vnd.oasis.opendocument.text", "ogg": "audio/ogg",
        "ogv": "video/ogg", "opus": "audio/ogg", "pdf": "application/pdf", "png": "image/png",
        "rtf": "application/rtf", "tar": "application/x-tar", "tif": "image/tiff",
        "tiff": "image/tiff", "txt": "text/plain", "warc": "application/warc",
        "wav": "audio/vnd.wave", "webm": "video/webm", "webp": "image/webp",
        "xls": "application/vnd.ms-excel", "xml": "application/xml", "zip": "application/zip",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "3gp": "video/3gpp", "7z": "application/x-7z-compressed",
    ]

    /// The media type for a name.
    static func of(_ name: [UInt8]) -> String {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        let ending = String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
        return types[ending] ?? unknown
    }
}
