// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
package import TransparencyLog

/// What a node tells people about itself.
package struct NodeFacts: Sendable {
    /// One of its logs.
    package struct Log: Sendable {
        /// Its name within the node.
        package let name: String
        /// Its key.
        package let key: NoteVerifier
        /// What is shown of it.
        package let published: PublishedCheckpoint
        /// What publishes it.
        package let publisher: LogPublisher

        /// A log with these parts.
        package init(
            name: String,
            key: NoteVerifier,
            published: PublishedCheckpoint,
            publisher: LogPublisher
        ) {
            self.name = name
            self.key = key
            self.published = published
            self.publisher = publisher
        }
    }

    let logs: [Log]
    let policy: LogPolicy
    let deposits: String?
    let isInvitedOnly: Bool
    let contact: String?

    /// Facts.
    ///
    /// - Parameters:
    ///   - logs: All logs.
    ///   - policy: By which they are published.
    ///   - deposits: The name of the log that gives receipts, if there is one.
    ///   - isInvitedOnly: Whether new cases need an invitation.
    ///   - contact: How to reach the operator, in the operator's words.
    package init(
        logs: [Log],
        policy: LogPolicy,
        deposits: String?,
        isInvitedOnly: Bool = false,
        contact: String?
    ) {
        self.logs = logs
        self.policy = policy
        self.deposits = deposits
        self.isInvitedOnly = isInvitedOnly
        self.contact = contact
    }
}
