// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Why fields and files of an item cannot be shown, or what is shown is not proven.
package enum DisclosureError: Error, Equatable, Sendable {
    // Making one.

    /// The item has no such field: `files/9/name`, or `note` where there is none.
    case fieldMissing(String)
    /// The item has no such file, or what is there has no content.
    case fileMissing(String)
    /// Nothing was asked for.
    case nothingChosen
    /// More was asked for than one package holds.
    case tooLarge

    // Verifying one.

    /// It is not a package, or one that breaks the rules of its format; where.
    case malformed(String)
    /// The receipt in the package is of another item.
    case notReceipted(leaf: UInt64)
    /// A file in the package is not the one that was deposited.
    case contentDiffers(BytePath)
    /// A file that the package promises is not in it.
    case contentMissing(BytePath)
    /// Something is in the package that nothing proves.
    case stranger(BytePath)
}
