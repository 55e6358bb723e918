// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Where everything lies inside a home.
///
/// Spec: `docs/spec/vault.md`, section 5.
package struct HomeLayout: Sendable {
    /// The first line of `format`.
    static let format = Array("resguardo-home/1\n".utf8)

    /// The home itself.
    package let home: BytePath

    /// The layout of a home.
    package init(_ home: BytePath) {
        self.home = home
    }

    /// Version of the layout.
    package var format: BytePath { home.appending("format") }
    /// The keyring.
    package var keyring: BytePath { home.appending("keyring") }
    /// A directory a case, with its records.
    package var cases: BytePath { home.appending("cases") }
    /// Tiles and checkpoint of the vault log.
    package var log: BytePath { home.appending("log") }
    /// The public key of the vault log.
    package var logKey: BytePath { home.appending("log.vkey") }
    /// Statements by log entry.
    package var deposits: NumberedFiles { NumberedFiles(directory: home.appending("deposits")) }
    /// Sealed objects.
    package var objects: ObjectStore { ObjectStore(home: home) }
    /// The statement that is being sequenced.
    package var pending: BytePath { objects.incoming.appending("pending") }
    /// Held while an entry is sequenced.
    package var lock: BytePath { home.appending("lock") }
    /// The index; a projection that may be deleted.
    package var index: BytePath { home.appending("index.sqlite") }

    /// Checks that a home is here and that this version knows its layout.
    ///
    /// - Throws: ``VaultError/homeMissing(_:)``, ``VaultError/keyringTooNew``.
    package func check() throws {
        guard let bytes = try Directory.contentsIfPresent(of: format, countMax: 64) else {
            throw VaultError.homeMissing(home)
        }
        guard bytes == Self.format else { throw VaultError.keyringTooNew }
    }
}
