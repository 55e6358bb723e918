// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings

/// The keys of the folder `keys-example`, which everybody has.
///
/// Refused outside of `--demo` wherever a command takes a recipient or an identity to rely on:
/// somebody who follows the tutorial with real evidence must not lock it with a public key.
package enum ExampleKeys {
    /// SHA-256 of each recipient's text, in hexadecimal.
    static let digests: Set<String> = [
        "3c53f52467f822e27a5ce58221a3f2320797f61961f0b50db1fb9d9e1cf964a3",
        "821f20e99b601ea89270450cfc0f33a77bc2e2f440ce97f47b61af02a91fd989",
        "d1ecaf5585a5f599b20829cfe51324e180a5310a365d65129cec2015d06ed511",
    ]

    /// Whether a recipient is one of the tutorial's.
    ///
    /// - Parameter recipient: The text of an age recipient.
    /// - Returns: `true` for those of the folder `keys-example`.
    package static func contains(_ recipient: String) -> Bool {
        digests.contains(Hex.encode(SHA256.hash(Array(recipient.utf8))))
    }
}

extension Context {
    /// Refuses the tutorial's keys unless `--demo` was given.
    ///
    /// - Parameter recipients: Texts of age recipients that are about to be relied on.
    /// - Throws: `.notAllowed` when one of them is public.
    package func refuseExampleKeys(_ recipients: [String]) throws {
        guard !isDemo, recipients.contains(where: ExampleKeys.contains) else { return }
        throw Failure(
            .notAllowed,
            Text(
                en: "this is a key of keys-example, which everybody has",
                es: "es una llave de keys-example, que todo el mundo tiene"
            ),
            hint: Text(
                en: "make one of your own: resguardo plumbing age keygen --pq -o FILE",
                es: "cree una propia: resguardo plumbing age keygen --pq -o ARCHIVO"
            )
        )
    }
}
