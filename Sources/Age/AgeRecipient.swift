// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Somebody who will be able to open a file.
package protocol AgeRecipient: Sendable {
    /// What the stanzas promise. All recipients of a file promise the same, or the strongest
    /// promise would be worth as little as the weakest.
    ///
    /// Spec: C2SP `age-plugin.md`, "extension-labels".
    var labels: Set<String> { get }

    /// Wraps a file key.
    ///
    /// - Throws: `.malformedRecipient` when the recipient's key cannot be used.
    func wrap(_ fileKey: borrowing FileKey) throws(AgeError) -> [Stanza]
}

/// Somebody who may be able to open a file.
///
/// Identities hold secrets, so they are never copied: they are classes.
package protocol AgeIdentity: AnyObject, Sendable {
    /// Looks for a stanza that this identity opens.
    ///
    /// - Parameter stanzas: All of the header; those of unknown types are passed over.
    /// - Returns: The file key, or `nil` when no stanza is for this identity.
    /// - Throws: `.malformedStanza` with its index when one of this identity's type breaks a rule;
    ///   the file is then refused whole.
    func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey?
}
