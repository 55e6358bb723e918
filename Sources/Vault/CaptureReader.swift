// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import Storage

/// Reads with `exiftool` what cameras wrote into photographs, videos and recordings.
///
/// Names come from strangers, and the program takes words that begin with `-`, `@` or `#` for
/// something else, and words that end in `|` for commands. So it is given no word on its command
/// line that is not ours; names go to its standard input, one a line, each beginning with `/` or
/// `./` and ending with the ending of a media type; a name with a control character is not given to
/// it at all. It runs without a configuration file, and is asked to read only.
///
/// Spec: `docs/spec/vault.md`, section 2.3.
package enum CaptureReader {
    /// What a run of the program left behind.
    package struct Run: Sendable {
        /// What it wrote, whether or not it came to its end.
        package let output: [UInt8]

        /// A run.
        package init(output: [UInt8]) { self.output = output }
    }

    /// Runs the program with arguments and standard input, within limits of time and memory.
    package typealias Runner = (_ arguments: [String], _ input: [UInt8]) throws -> Run

    /// Files in one run.
    static let batchCount = 200
    /// Files that may break a run before the rest is left unread.
    static let failureCountMax = 8

    /// What was read.
    package struct Findings: Sendable {
        /// What was found, by the place of the original in the list.
        package internal(set) var metadata: [Int: CaptureMetadata] = [:]
        /// Media files that were not read: odd names, or files that the program could not take.
        package internal(set) var unread: [BytePath] = []
    }

    private static let arguments = ["-config", "", "-@", "-", "-common_args"]
    /// Read as JSON, groups named, nothing past the metadata, positions as signed degrees.
    private static let common = [
        "-json", "-G", "-fast", "-c", "%+.6f", "-api", "LargeFileSupport=1",
    ]

    /// The media files among originals.
    ///
    /// - Returns: Their places in the list.
    package static func candidates(_ originals: [Original]) -> [Int] {
        originals.indices.filter { index in
            let original = originals[index]
            guard original.kind == .file, original.status.sizeBytes > 0 else { return false }
            let kind = MediaType.of(original.name).prefix { $0 != "/" }
            return kind == "image" || kind == "video" || kind == "audio"
        }
    }

    /// Reads the media files among originals; whoever has none starts no program.
    ///
    /// The originals are read by the program at their paths, before they are sealed; a file that
    /// changes in between ends the deposit, so what was read are the bytes that are hashed.
    ///
    /// - Parameters:
    ///   - originals: From ``Original/find(_:home:)``.
    ///   - version: Of the program, for the record.
    ///   - run: Starts it.
    ///   - progress: Called with the number of files read so far.
    /// - Returns: What was found; a file that breaks the program does not keep others from being
    ///   read.
    /// - Throws: What `run` and `progress` throw.
    package static func read(
        _ originals: [Original],
        version: String,
        run: Runner,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> Findings {
        var findings = Findings()
        var waiting: [Int] = []
        for index in candidates(originals) {
            if line(for: originals[index].path) == nil {
                findings.unread.append(originals[index].path)
            } else {
                waiting.append(index)
            }
        }
        var failureCount = 0
        while !waiting.isEmpty, failureCount < failureCountMax {
            let batch = waiting.prefix(batchCount)
            let result = try run(arguments + common, input(batch, originals))
            let answers = parse(result.output, allowed: Set(batch))
            for (index, tags) in answers {
                if let found = metadata(tags, version: version) {
                    findings.metadata[index] = found
                } else {
                    findings.unread.append(originals[index].path)
                }
            }
            // Whatever has no answer comes after the file that ended the run.
            let rest = batch.filter { answers[$0] == nil }
            if let culprit = rest.first {
                failureCount += 1
                findings.unread.append(originals[culprit].path)
            }
            waiting = Array(rest.dropFirst()) + waiting.dropFirst(batch.count)
            try progress(answers.count)
        }
        findings.unread += waiting.map { originals[$0].path }
        return findings
    }

    /// How a path is written on a line of its own, if it can be.
    package static func line(for path: BytePath) -> [UInt8]? {
        guard !path.bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return nil }
        if path.bytes.first == UInt8(ascii: "/") { return path.bytes }
        return Array("./".utf8) + path.bytes
    }

    /// Standard input of the program: each file, a mark after it, and the end of its command.
    private static func input(_ batch: ArraySlice<Int>, _ originals: [Original]) -> [UInt8] {
        var input: [UInt8] = []
        for index in batch {
            guard let line = line(for: originals[index].path) else { continue }
            input += Array("-echo\n@\(index)\n".utf8) + line + Array("\n-execute\n".utf8)
        }
        return input
    }

    /// The answers of a run: a line `@N`, then the document of file N.
    ///
    /// Inside a document a line break is an escape, and no line begins with `@`.
    static func parse(_ output: [UInt8], allowed: Set<Int>) -> [Int: [String: String]] {
        var answers: [Int: [String: String]] = [:]
        var current: Int?
        var document: [UInt8] = []
        func close() {
            guard let current, let tags = tags(document) else { return }
            answers[current] = tags
        }
        for line in output.split(separator: 0x0a) {
            if line.first == UInt8(ascii: "@") {
                close()
                document = []
                current = Int(String(decoding: line.dropFirst(), as: UTF8.self))
                if let number = current, !allowed.contains(number) { current = nil }
            } else {
                document += line + [0x0a]
            }
        }
        close()
        return answers
    }

    /// The tags of the one file in a document, all as text; nil for a document that is cut.
    private static func tags(_ document: [UInt8]) -> [String: String]? {
        // A program that read a hostile file may write anything; what does not parse is no answer.
        guard
            let list = try? JSONSerialization.jsonObject(with: Data(document)) as? [[String: Any]],
            let object = list.first
        else { return nil }
        var tags: [String: String] = [:]
        for (name, value) in object where name.contains(":") {
            if let text = value as? String {
                tags[name] = text
            } else if let number = value as? NSNumber {
                tags[name] = number.stringValue
            } else if let texts = value as? [Any] {
                tags[name] = texts.map { String(describing: $0) }.joined(separator: "; ")
            }
        }
        return tags
    }

    private static let sources: [(CaptureMetadata.Field, [String])] = [
        (
            .time,
            [
                "Composite:SubSecDateTimeOriginal", "EXIF:DateTimeOriginal",
                "QuickTime:CreationDate", "QuickTime:CreateDate", "XMP:DateTimeOriginal",
                "EXIF:CreateDate", "PNG:CreationTime", "Matroska:DateTimeOriginal",
            ]
        ),
        (.make, ["EXIF:Make", "QuickTime:Make", "QuickTime:AndroidManufacturer", "XMP:Make"]),
        (.model, ["EXIF:Model", "QuickTime:Model", "QuickTime:AndroidModel", "XMP:Model"]),
        (.software, ["EXIF:Software", "QuickTime:Software", "XMP:CreatorTool", "PNG:Software"]),
        (.duration, ["Composite:Duration", "QuickTime:Duration", "Matroska:Duration"]),
        (.dimensions, ["Composite:ImageSize"]),
        (.position, ["Composite:GPSPosition", "QuickTime:GPSCoordinates", "XMP:GPSPosition"]),
    ]

    /// Groups that speak of the copy on this machine or of the program, not of the scene.
    private static let ignoredGroups: Set<Substring> = ["File", "ExifTool", "System"]
    /// What a tag is called that tells a place or a person's address book, wherever it stands.
    private static let placeWords = ["GPS", "Location", "Latitude", "Longitude", "City", "Country"]

    private static func metadata(
        _ tags: [String: String],
        version: String
    ) -> CaptureMetadata? {
        guard tags["ExifTool:Error"] == nil else { return nil }
        var picked: [CaptureMetadata.Field: String] = [:]
        for (field, names) in sources {
            picked[field] = names.lazy.compactMap { tags[$0] }.first { !$0.isEmpty }
        }
        let rest = tags.filter { name, _ in
            !ignoredGroups.contains(name.prefix { $0 != ":" })
                && !placeWords.contains(where: { name.contains($0) })
        }
        return CaptureMetadata(tool: version, picked: picked, tags: rest)
    }
}
