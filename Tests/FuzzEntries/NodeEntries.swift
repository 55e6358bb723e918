// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Server)
internal import Registry
internal import Server
internal import Switch
internal import Vault
#endif

extension FuzzEntry {
    /// The parsers of what nodes and their clients tell each other; absent where the harness is
    /// built without what a server is made of.
    static let nodes: [FuzzEntry] = {
        #if canImport(Server)
        [
            entry("anchor", { try Anchor(parsing: $0) }) { value, bytes in
                try Anchor(parsing: bytes) == value
            },
            entry("registry-incident-group", { try IncidentGroup(parsing: $0) }) { value, bytes in
                value.bytes == bytes
            },
            entry("registry-incident-file", { try IncidentFile(parsing: $0) }) { value, bytes in
                value.bytes == bytes
            },
            entry("case-index", { try CaseIndex(parsing: $0).orRefuse() }) { value, bytes in
                value.encoded == bytes
            },
            entry("deposit-offer", { try offer($0) }) { value, bytes in value.bytes == bytes },
            entry("deposit-record", { try DepositRecord(parsing: $0) }) { value, bytes in
                value.bytes == bytes
            },
            entry("form-field", { try FormField.value("receipt", in: $0).orRefuse() }) { value, _ in
                let digits = value.map { byte in "%" + hex(byte) }.joined()
                return FormField.value("f", in: Array("f=\(digits)".utf8)) == value
            },
            entry("invitation-answer", { try InvitationAnswer(parsing: $0).orRefuse() }) {
                value,
                bytes in value.bytes == bytes
            },
            entry("invitation-request", { try InvitationRequest(parsing: $0).orRefuse() }) {
                value,
                bytes in value.bytes == bytes
            },
            entry("listen-address", { try ListenAddress(parsing: text($0)).orRefuse() }) {
                value,
                _ in ListenAddress(parsing: value.description) == value
            },
            entry("receipt", { try Receipt(parsing: $0) }) { value, bytes in
                value.bytes == bytes
            },
            entry("registry-files", { try RegistryParcel.read($0, asked: asked).orRefuse() }) {
                items,
                bytes in
                var parcel = RegistryParcel()
                return items.allSatisfy { parcel.append($0.name, $0.contents) }
                    && parcel.bytes == bytes
            },
            entry("registry-files-request", { try RegistryParcel.names(in: $0).orRefuse() }) {
                names,
                bytes in RegistryParcel.question(names) == bytes
            },
            entry("switch-text", { try SwitchText(parsing: $0).orRefuse() }) { value, bytes in
                value.bytes == bytes
            },
            entry("text-page", { try TextPage.split($0).orRefuse() }) { value, bytes in
                TextPage.join(value) == bytes
            },
        ]
        #else
        []
        #endif
    }()

    #if canImport(Server)
    /// What a client asks for that reads an answer with files.
    private static let asked = ["pending/a.json", "seals/00"]

    private static func offer(_ bytes: [UInt8]) throws -> DepositOffer {
        try DepositOffer(parsing: bytes, node: "node.example/vault", room: nil)
    }
    #endif

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

/// What a parser that answers with nil would have thrown.
private struct Refused: Error {}

extension Optional {
    /// The value of a parser that answers with nil for what it does not take.
    fileprivate func orRefuse() throws -> Wrapped {
        guard let self else { throw Refused() }
        return self
    }
}
