// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// One line of a snapshot after its header and signatures.
///
/// Spec: `docs/spec/snapshot.md`, section 4.
package enum SnapshotRecord: Equatable, Sendable {
    case source(SourceRecord)
    case designation(DesignationRecord)
    case limit(LimitRecord)
    case correction(CorrectionRecord)
    case lexicon(LexiconRecord)

    /// The canonical object.
    package var json: JSONValue {
        switch self {
        case .source(let record): record.json
        case .designation(let record): record.json
        case .limit(let record): record.json
        case .correction(let record): record.json
        case .lexicon(let record): record.json
        }
    }

    /// Reads one line without its line feed.
    ///
    /// - Parameters:
    ///   - bytes: The line.
    ///   - line: Its number in the file, for errors.
    /// - Throws: `.malformed`, `.notCanonical`, `.unknownField`, `.tooLarge`.
    package init(parsing bytes: [UInt8], line: Int) throws(SnapshotError) {
        var fields = try RecordFields(canonicalLine(bytes, line: line), line: line)
        guard let kind = try fields.value("kind").string else { throw .malformed(line: line) }
        switch kind {
        case "source": self = .source(try SourceRecord(&fields))
        case "designation": self = .designation(try DesignationRecord(&fields))
        case "limit": self = .limit(try LimitRecord(&fields))
        case "correction": self = .correction(try CorrectionRecord(&fields))
        case "lexicon": self = .lexicon(try LexiconRecord(&fields))
        default: throw .unknownField(line: line)
        }
        try fields.finish()
    }
}

/// Parses a line that must be canonical JSON.
func canonicalLine(_ bytes: [UInt8], line: Int) throws(SnapshotError) -> JSONValue {
    do throws(EncodingError) {
        return try JSONValue(canonical: bytes)
    } catch .notCanonical {
        throw .notCanonical(line: line)
    } catch .tooLong {
        throw .tooLarge(line: line)
    } catch {
        throw .malformed(line: line)
    }
}
