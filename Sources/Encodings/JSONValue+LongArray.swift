// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Documents with one array that is too long to be held as a tree: its elements pass by one by one.
///
/// A tree takes about ten times the memory of its text.
extension JSONValue {
    /// Parses canonical text of an object, and hands over the elements of one of its arrays.
    ///
    /// The result has an empty array in the place of that one.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - limit: The longest text that is parsed, in bytes.
    ///   - name: The member that is the long array. One that is missing, or no array, is left to
    ///     the caller.
    ///   - take: Called for each element, also of a text that turns out to be wrong later.
    /// - Throws: As ``init(canonical:)``, and what `take` throws.
    /// - Complexity: O(n) time; memory for the text, one element and everything else.
    package init(
        canonical bytes: [UInt8],
        limit: Int,
        elementsOf name: String,
        _ take: (JSONValue) throws -> Void
    ) throws {
        guard bytes.count <= limit else { throw EncodingError.tooLong(limit: limit) }
        var parser = JSONParser(bytes)
        var end: Int?
        let (value, elements) = try parser.parseDocument(elementsOf: name) { element, range in
            // A comma, and nothing else, stands between two elements.
            guard end.map({ $0 + 1 == range.lowerBound }) ?? true,
                element.canonicalBytes.elementsEqual(bytes[range])
            else { throw EncodingError.notCanonical }
            end = range.upperBound
            try take(element)
        }
        var rest = bytes[...]
        if let elements {
            guard (end ?? elements.lowerBound) == elements.upperBound else {
                throw EncodingError.notCanonical
            }
            rest.removeSubrange(elements)
        }
        guard value.canonicalBytes.elementsEqual(rest) else { throw EncodingError.notCanonical }
        self = value
    }

    /// The canonical text of an object with one more member, an array whose elements are made one
    /// by one.
    ///
    /// - Parameters:
    ///   - members: All other members.
    ///   - name: The name of the array, not among them.
    ///   - elements: Its elements.
    /// - Returns: The text.
    package static func canonicalBytes(
        of members: [String: JSONValue],
        with name: String,
        elements: some Sequence<JSONValue>
    ) -> [UInt8] {
        precondition(members[name] == nil, "one more member")
        var bytes = [UInt8(ascii: "{")]
        for key in (Array(members.keys) + [name]).sorted(by: stands(_:before:)) {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            append(key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            guard key == name else {
                members[key]?.append(to: &bytes)
                continue
            }
            bytes.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
