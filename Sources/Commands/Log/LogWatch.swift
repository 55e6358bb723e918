// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Outside
import Storage
import Synchronization
import TransparencyLog

/// The options of commands that look at a log behind a URL.
struct LogWatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "The log's key (vkey): no witness is asked for.",
                es: "La clave del registro (vkey): no se exige ningún testigo."
            ).local,
            valueName: "vkey"
        )
    )
    var logKey: String?

    @Option(
        help: Text(
            en: "A tlog-policy file: which logs to believe, and which witnesses must have signed.",
            es: "Un archivo tlog-policy: en qué registros confiar y qué testigos deben firmar."
        ).help,
        completion: .file()
    )
    var policy: String?

    @OptionGroup var route: RouteOptions

    /// Whom to believe.
    func readPolicy() throws -> LogPolicy { try LogPolicy(parsing: policyText()) }

    /// The same as a tlog-policy.
    func policyText() throws -> [UInt8] {
        if let policy {
            return try LocalFileSystem().read(policy, countMax: LogPolicy.countMax)
        }
        guard let logKey else {
            throw Failure(
                .usage,
                Text(
                    en: "nothing says which log to believe",
                    es: "nada dice en qué registro confiar"
                ),
                hint: Text(
                    en: "give --policy FILE or --log-key VKEY",
                    es: "indique --policy ARCHIVO o --log-key VKEY"
                )
            )
        }
        let key = try NoteVerifier(parsing: logKey)
        return Array("log \(key.encoded)\nquorum none\n".utf8)
    }
}

/// Looks at a log behind a URL, and compares it with what was seen of it before.
struct LogWatch {
    /// What one look came to.
    struct Report {
        let verified: TlogProof.Verified
        let verdict: SeenCheckpoints.Verdict
        /// Files that were recomputed; nil when only the newest part was looked at.
        let fileCount: Int?
        /// Whether the log shows its entries.
        let showsEntries: Bool
    }

    private static let timeoutMilliseconds = 30_000

    let url: String
    let policy: LogPolicy
    let client: HTTPClient
    let seen: SeenCheckpoints
    /// Whether what was fetched stays in memory, for a reader that goes through it again.
    let keepsFiles: Bool

    init(url: String, options: LogWatchOptions, context: Context) throws {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        policy = try options.readPolicy()
        client = try options.route.client()
        seen = SeenCheckpoints(directory: context.home + "/seen")
        keepsFiles = false
    }

    init(
        url: String,
        policy: LogPolicy,
        client: HTTPClient,
        seen: SeenCheckpoints,
        keepsFiles: Bool = false
    ) {
        self.url = url
        self.policy = policy
        self.client = client
        self.seen = seen
        self.keepsFiles = keepsFiles
    }

    /// Looks again, and holds the log to checkpoints that it signed elsewhere, in receipts.
    ///
    /// - Throws: As look(isFull:).
    func hold(to notes: [SignedNote]) throws {
        try read { reader, _ in
            for note in notes { try judge(seen.compare(note, with: reader), reader) }
        }
    }

    /// Looks once.
    ///
    /// - Parameter isFull: Whether to recompute the whole log.
    /// - Returns: What was found, all of it right.
    /// - Throws: A Failure: `.cannotReachServer`, or `.doesNotVerify` with the evidence kept.
    func look(isFull: Bool) throws -> Report {
        try read { reader, report in
            guard isFull else { return report }
            return Report(
                verified: report.verified,
                verdict: report.verdict,
                fileCount: try reader.audit(),
                showsEntries: try reader.keepsEntries()
            )
        }
    }

    /// Holds the log to one more checkpoint that it signed, while it is looked at.
    ///
    /// - Throws: As look(isFull:).
    func hold(_ reader: TiledLogReader, to note: SignedNote) throws {
        try judge(seen.compare(note, with: reader), reader)
    }

    /// Reads the newest checkpoint, compares it with what was seen, and remembers it once `body`
    /// found nothing wrong either.
    func read<Result>(_ body: (TiledLogReader, Report) throws -> Result) throws -> Result {
        let failure = FetchFailure()
        let kept = KeptFiles()
        let fetch: FetchedLog.Fetch = { [url, client, keepsFiles] path, countMax in
            if let bytes = kept[path] { return bytes }
            do {
                let bytes = try Self.get(url + "/" + path, client, countMax: countMax)
                // The checkpoint alone changes.
                if keepsFiles, path != "checkpoint" { kept[path] = bytes }
                return bytes
            } catch {
                failure.set(error)
                throw error
            }
        }
        do {
            guard let bytes = try fetch("checkpoint", SignedNote.countMax) else {
                throw Self.unreachable(url, Text(en: "no log there", es: "no hay registro"))
            }
            let note = try SignedNote(parsing: bytes)
            let verified: TlogProof.Verified
            do {
                verified = try policy.verify(note)
            } catch TransparencyLogError.quorumNotReached(let count) {
                // The log has signed it: another history is one without witnesses as well.
                try judgeUnwitnessed(note, fetch)
                throw TransparencyLogError.quorumNotReached(valid: count)
            }
            let log = FetchedLog(note: note, size: verified.checkpoint.size, fetch: fetch)
            let reader = try log.reader()
            let verdict = try seen.compare(reader)
            try judge(verdict, reader)
            let report = Report(
                verified: verified,
                verdict: verdict,
                fileCount: nil,
                showsEntries: false
            )
            let result = try body(reader, report)
            if verdict != .unchanged { try seen.remember(note, verified.checkpoint) }
            return result
        } catch TiledLogError.damaged(let path) {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "ALARM: a file of the log is not what its checkpoint commits to: \(path)",
                    es: "ALARMA: un archivo del registro no es lo que su checkpoint fija: \(path)"
                ),
                word: "damaged"
            )
        } catch let error as FileSystemError {
            throw failure.take() ?? error
        }
    }

    /// Raises the alarm where what a log signed, and too few witnesses, contradicts what was seen.
    private func judgeUnwitnessed(
        _ note: SignedNote,
        _ fetch: @escaping FetchedLog.Fetch
    ) throws {
        let size = try Checkpoint(parsing: note.text).size
        let reader = try? FetchedLog(note: note, size: size, fetch: fetch).reader()
        guard let reader, let verdict = try? seen.compare(reader) else { return }
        try judge(verdict, reader)
    }

    /// Raises the alarm, and keeps what proves it.
    private func judge(_ verdict: SeenCheckpoints.Verdict, _ reader: TiledLogReader) throws {
        let origin = reader.checkpoint.origin
        switch verdict {
        case .first, .unchanged, .extended: return
        case .fork(let fork):
            let path = try seen.keep(fork.encoded, against: origin, name: "fork")
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "ALARM: the log signed two histories; the evidence is in \(path)",
                    es: "ALARMA: el registro firmó dos historias; la evidencia está en \(path)"
                ),
                hint: Text(
                    en: "anyone can check it: resguardo log verify-proof FILE --log-key VKEY",
                    es: "cualquiera puede comprobarla: resguardo log verify-proof ARCHIVO"
                        + " --log-key VKEY"
                ),
                word: "fork"
            )
        case .setBack(let size):
            let path = try seen.keep(reader.note.encoded, against: origin, name: "set-back")
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "ALARM: the log shows \(reader.size) entries and had \(size); both signed"
                        + " checkpoints are kept beside \(path)",
                    es: "ALARMA: el registro muestra \(reader.size) entradas y tenía \(size);"
                        + " ambos checkpoints firmados quedan junto a \(path)"
                ),
                word: "set-back"
            )
        case .unproven:
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "ALARM: the log's tiles do not belong to its checkpoint",
                    es: "ALARMA: las piezas del registro no corresponden a su checkpoint"
                ),
                word: "damaged"
            )
        }
    }

    private static func get(
        _ url: String,
        _ client: HTTPClient,
        countMax: Int
    ) throws -> [UInt8]? {
        let response: HTTPClient.Response
        do {
            response = try client.send(
                .init(url: url, countMax: countMax, timeoutMilliseconds: timeoutMilliseconds)
            )
        } catch {
            throw unreachable(url, HTTPFailureText.text(error))
        }
        switch response.status {
        case 200: return response.body
        case 404, 410: return nil
        default:
            let status = response.status
            throw unreachable(url, Text(en: "status \(status)", es: "estado \(status)"))
        }
    }

    private static func unreachable(_ url: String, _ reason: Text) -> Failure {
        Failure(
            .cannotReachServer,
            Text(
                en: "the server does not give \(url): \(reason.en)",
                es: "el servidor no da \(url): \(reason.es)"
            )
        )
    }
}

/// Files of a log that were fetched.
private final class KeptFiles: Sendable {
    private let files = Mutex<[String: [UInt8]]>([:])

    subscript(_ path: String) -> [UInt8]? {
        get { files.withLock { $0[path] } }
        set { files.withLock { $0[path] = newValue } }
    }
}

/// Why a server gave no answer, in words.
enum HTTPFailureText {
    static func text(_ failure: HTTPClient.Failure) -> Text {
        switch failure {
        case .malformedURL: Text(en: "this is no http(s) URL", es: "no es una URL http(s)")
        case .unreachable: Text(en: "no connection", es: "no hay conexión")
        case .timedOut: Text(en: "too slow", es: "demasiado lento")
        case .notTrusted:
            Text(en: "its certificate is not trusted", es: "su certificado no es de confianza")
        case .tooLong(let limit):
            Text(en: "more than \(limit) bytes", es: "más de \(limit) bytes")
        case .cancelled: Text(en: "interrupted", es: "interrumpido")
        }
    }
}
