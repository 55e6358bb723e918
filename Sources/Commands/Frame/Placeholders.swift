// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What help writes in angle brackets for a value, in Spanish.
///
/// ArgumentParser names a value after its option. The few that have a name of their own in both
/// languages are not in this table.
enum Placeholders {
    /// A help text or a usage line with its placeholders in Spanish.
    static func spanish(_ text: String) -> String {
        guard text.contains("<") else { return text }
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            let name = rest[rest.index(after: open)...].prefix { $0 != ">" }
            result += rest[...open] + (words[String(name)] ?? String(name))
            rest = rest[name.endIndex...]
        }
        return result + rest
    }

    /// One placeholder, without its brackets.
    static func spanish(name: String) -> String { words[name] ?? name }

    private static let words = [
        "accounts": "archivo", "accredit-quorum": "cuórum", "actors": "archivo",
        "allow": "archivo", "anchor": "ancla", "attested": "cuórum",
        "basis": "motivo", "batch": "cantidad", "batch-seconds": "segundos",
        "burst-seconds": "segundos", "by": "capa",
        "captured-at": "momento", "case": "caso", "case-name": "caso", "case-quota": "cuota",
        "certificates": "archivo", "code": "código", "contact": "texto", "context": "contexto",
        "cosigner": "testigo", "count": "cantidad",
        "custody": "archivo", "dataset": "conjunto", "days": "días", "dealing": "reparto",
        "designate-quorum": "cuórum", "dir": "directorio", "directory": "directorio",
        "draws": "cantidad",
        "edge-weight": "peso", "engine": "motor", "entry": "entrada",
        "every": "días",
        "extra": "texto", "fast": "segundos",
        "fields": "campos",
        "file": "archivo", "files": "archivos", "finding": "conclusión", "format": "formato",
        "from": "desde", "gap": "segundos", "heartbeat": "segundos", "hours": "horas",
        "identity": "archivo",
        "index": "número", "input": "archivo", "item": "depósito", "jurisdiction": "país",
        "key": "archivo", "launch": "segundos", "leaf-hash": "hash", "limit": "límite",
        "log-key": "llave", "master": "maestro",
        "max-object": "bytes-máx", "max-sharers": "máximo", "memory": "cantidad",
        "min-accounts": "cantidad", "min-jaccard": "proporción",
        "min-participation": "mínimo", "min-posts": "cantidad",
        "min-share": "proporción", "min-similarity": "similitud", "min-weight": "peso",
        "name": "nombre", "networks": "archivo",
        "nominate-quorum": "cuórum", "note": "texto",
        "object": "archivo", "objection-days": "días", "old": "anterior", "output": "destino",
        "part": "parte", "path": "ruta", "pieces": "cantidad", "platform": "plataforma",
        "policy": "política",
        "post": "publicación", "preset": "modelo", "profile": "perfil", "proxy": "dirección",
        "prune-below": "percentil",
        "quantile": "cuantil", "quorum": "cuórum", "rate": "proporción", "reason": "motivo",
        "receipt": "archivo",
        "recipient": "destinatario",
        "recipients-file": "archivo", "remote": "remoto", "revoke-quorum": "cuórum",
        "resolution": "número",
        "root-quorum": "cuórum", "rule": "regla", "runs": "directorio", "scope": "alcance",
        "seed": "semilla",
        "share": "parte", "signal": "señal", "snapshot": "archivo", "snapshot-threshold": "umbral",
        "sound": "cantidad", "unsound": "cantidad",
        "stdin": "nombre", "steps": "cantidad", "store": "directorio", "threshold": "umbral",
        "timeout": "segundos",
        "tls-certificate": "archivo", "title": "título", "tls-key": "archivo", "to": "hasta",
        "trust": "archivo",
        "trustee": "custodio", "type": "tipo", "until": "fecha", "vkey": "llave",
        "window": "segundos", "witness": "testigo", "witness-timeout": "segundos",
    ]
}
