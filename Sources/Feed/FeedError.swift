// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels
package import Storage

/// Why the feed laboratory refuses something.
package enum FeedError: Error, Equatable, Sendable {
    /// A file of shares or posts is malformed.
    case input(FeedKernelError)
    /// The header is of none of the formats that can be read.
    case unknownFormat
    /// A dataset cannot be opened, read or written.
    case dataset(SQLiteFileError)
    /// The dataset has no post of this name.
    case postUnknown(String)
    /// The dataset has no posts until the time asked for.
    case noPosts
    /// The policy is malformed.
    case policy(PolicyFault)
}

/// Where a policy is wrong, and in what manner.
package struct PolicyFault: Error, Equatable, Sendable {
    /// What is wrong.
    package enum Kind: Equatable, Sendable {
        /// The text is no YAML.
        case notYAML
        /// The file is longer than a policy may be.
        case tooLong(limit: Int)
        /// Policies have no such key.
        case unknownKey
        /// The key is there twice.
        case duplicateKey
        /// The key has to be there.
        case missingKey
        /// A section of keys was expected.
        case notAMapping
        /// A number from this range was expected.
        case notANumber(ClosedRange<Double>)
        /// A duration such as `6h` or `14d` was expected.
        case notADuration
        /// A text was expected.
        case notAText
        /// Paid verification must have the factor 1.
        case paidMustBeOne
    }

    /// One-based line.
    package var line: Int
    /// The key with those above it, as in `recency.half-life`; empty if none is concerned.
    package var key: String
    /// What is wrong.
    package var kind: Kind

    /// A fault at a place.
    package init(line: Int, key: String, kind: Kind) {
        self.line = line
        self.key = key
        self.kind = kind
    }
}
