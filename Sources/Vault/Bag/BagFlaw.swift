// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a bag.
package enum BagFlaw: Equatable, Sendable {
    /// A file that should be there is not, or has not the bytes that the bag says; or one is there
    /// that should not be, or is no plain file.
    case file(String)
    /// There are more files than a bag may have.
    case tooManyFiles
    /// The bag is not signed by the member that it names, or what was signed is another bag.
    case signature
    /// A receipt does not prove what the bag holds.
    case receipt(item: String)
    /// The originals or their description are not what was receipted.
    case evidence(item: String)
    /// The bag is of another log than the one asked for.
    case otherLog
    /// The log signed two things that cannot both be.
    case fork
    /// A time stamp does not verify.
    case timestamp(String)
    /// The proven times contradict each other.
    case bracket(item: String)
    /// The custody log is not the one that follows from the evidence.
    case custody
}
