// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels
internal import Foundation

/// An object of JSON that others wrote: with floats and nulls, and larger than what we sign.
///
/// Text, numbers and truth values are asked for by name; what is null is not there. Numbers keep
/// all their digits as text, so that identifiers beyond 2^53 are not rounded.
struct ForeignJSON {
    /// Where it stands in the file, for who has to mend it.
    struct Place {
        var line: Int
        /// Names of members from the record down, as in `account.id`.
        var path: String
    }

    private let members: [String: Any]
    let place: Place

    private init(_ members: [String: Any], _ place: Place) {
        self.members = members
        self.place = place
    }

    /// Parses a text.
    ///
    /// - Returns: The object, or the objects of an array; `nil` for anything else.
    static func parse(_ bytes: some Collection<UInt8>, line: Int) -> [ForeignJSON]? {
        // Broken UTF-8 is refused here: Foundation would put marks in its place.
        guard let text = String(validating: bytes, as: UTF8.self),
            let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        else { return nil }
        if let members = value as? [String: Any] {
            return [ForeignJSON(members, Place(line: line, path: ""))]
        }
        guard let elements = value as? [Any] else { return nil }
        var objects: [ForeignJSON] = []
        for (index, element) in elements.enumerated() {
            guard let members = element as? [String: Any] else { return nil }
            objects.append(ForeignJSON(members, Place(line: line, path: "[\(index)]")))
        }
        return objects
    }

    private func path(_ name: String) -> String {
        place.path.isEmpty ? name : place.path + "." + name
    }

    /// Whether there is such a member that is not null.
    func has(_ name: String) -> Bool { members[name].map { !($0 is NSNull) } ?? false }

    /// A member that is an object.
    func object(_ name: String) -> ForeignJSON? {
        (members[name] as? [String: Any]).map {
            ForeignJSON($0, Place(line: place.line, path: path(name)))
        }
    }

    /// The objects in an array.
    func objects(_ name: String) -> [ForeignJSON] {
        guard let elements = members[name] as? [Any] else { return [] }
        return elements.enumerated().compactMap { index, element in
            (element as? [String: Any]).map {
                ForeignJSON($0, Place(line: place.line, path: path("\(name)[\(index)]")))
            }
        }
    }

    /// The texts in an array, or a text alone.
    func texts(_ name: String) -> [String] {
        if let text = text(name) { return [text] }
        guard let elements = members[name] as? [Any] else { return [] }
        return elements.compactMap { $0 as? String }
    }

    /// A text, or a number as it was written.
    func text(_ name: String) -> String? {
        switch members[name] {
        case let text as String: text
        case let number as NSNumber: number.stringValue
        default: nil
        }
    }

    func flag(_ name: String) -> Bool { members[name] as? Bool ?? false }

    /// The first of these that is there and not empty; the last one has to be.
    func identifier(_ names: String...) throws(CSVFault) -> String {
        for name in names { if let text = text(name).nonEmpty { return text } }
        throw fault(names.last ?? "", .identifier)
    }

    func time(_ name: String) throws(CSVFault) -> Int64 {
        guard let time = text(name).flatMap({ Timestamp.parse($0) }) else {
            throw fault(name, .time)
        }
        return time
    }

    /// A whole number that is not negative; 0 where there is none.
    func count(_ name: String) throws(CSVFault) -> Int64 {
        guard has(name) else { return 0 }
        guard let count = text(name).flatMap({ Int64($0) }),
            (0...Timestamp.magnitudeMax).contains(count)
        else { throw fault(name, .count) }
        return count
    }

    /// A whole number that is not negative, if there is one.
    func optionalCount(_ name: String) throws(CSVFault) -> Int64? {
        guard has(name) else { return nil }
        return try count(name)
    }

    func fault(_ name: String, _ expected: CSVFault.Expectation) -> CSVFault {
        CSVFault(line: place.line, column: 1, field: path(name), expected: expected)
    }
}
