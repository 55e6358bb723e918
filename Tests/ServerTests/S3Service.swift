// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Sodium
import Testing

/// The S3 service of the Python package moto, in a process of its own, behind a check of each
/// request's signature that has nothing in common with ours.
///
/// It answers one request at a time: moto compares the entity tag first and writes afterwards, so
/// that of two conditional writes at the same moment both would be done. What no service may do is
/// left to the simulation (`BlobLogFaultTests`); everything else is here.
final class S3Service {
    static let bucket = "evidence"
    private static let script = """
        import hashlib, hmac, re, sys
        try:
            from moto.server import DomainDispatcherApplication, create_backend_app
            from werkzeug.serving import WSGIRequestHandler, make_server
        except ImportError:
            sys.exit(77)
        moto = DomainDispatcherApplication(create_backend_app)
        FORM = re.compile(r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"
                          r"(\\d{8})/(us-east-1)/s3/aws4_request, "
                          r"?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$")

        def mac(key, text):
            return hmac.new(key, text.encode(), hashlib.sha256).digest()

        def is_signed(environ, body):
            match = FORM.match(environ.get("HTTP_AUTHORIZATION", ""))
            if not match:
                return False
            day, region, names, signature = match.groups()
            lines = []
            for name in names.split(";"):
                key = "HTTP_" + name.upper().replace("-", "_")
                value = environ.get(key, environ.get(key[5:]))
                if value is None:
                    return False
                lines.append(f"{name}:{' '.join(value.split())}\\n")
            for name in environ:
                plain = name[5:].lower().replace("_", "-")
                if name.startswith("HTTP_X_AMZ") and plain not in names.split(";"):
                    return False
            digest = hashlib.sha256(body).hexdigest()
            if environ.get("HTTP_X_AMZ_CONTENT_SHA256") != digest:
                return False
            request = "\\n".join([environ["REQUEST_METHOD"], environ["PATH_INFO"],
                                 environ["QUERY_STRING"], "".join(lines), names, digest])
            scope = f"{day}/{region}/s3/aws4_request"
            text = "\\n".join(["AWS4-HMAC-SHA256", environ["HTTP_X_AMZ_DATE"], scope,
                              hashlib.sha256(request.encode()).hexdigest()])
            key = mac(mac(b"AWS4" + b"secret/KEY+example", day), region)
            key = mac(mac(key, "s3"), "aws4_request")
            return hmac.compare_digest(mac(key, text).hex(), signature)

        def checked(environ, start):
            import io
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            if environ.get("HTTP_X_TEST") != "look" and not is_signed(environ, body):
                start("403 Forbidden", [("Content-Type", "application/xml")])
                return [b"<Error><Code>SignatureDoesNotMatch</Code></Error>"]
            return moto(environ, start)

        class Quiet(WSGIRequestHandler):
            def log(self, *args):
                pass

        server = make_server("127.0.0.1", 0, checked, threaded=False, request_handler=Quiet)
        print(server.port, flush=True)
        server.serve_forever()
        """

    private let process = Process()
    private let folder: TestFolder
    let port: Int

    /// Starts it; nil where moto is not installed.
    init?(_ folder: TestFolder) throws {
        self.folder = folder
        try Data(Self.script.utf8).write(to: folder.url.appending(path: "s3.py"))
        try Data("access-key-id AKIDEXAMPLE\nsecret-access-key secret/KEY+example\n".utf8)
            .write(to: folder.url.appending(path: "s3.keys"))
        let text = try TestPython.start(process, "s3.py", in: folder.url)
        guard let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            process.waitUntilExit()
            TestPython.skip("the Python package moto")
            return nil
        }
        self.port = port
        let made = try look("PUT", "", ["x-amz-bucket-object-lock-enabled: true"], body: [])
        #expect(made.status == 200)
    }

    deinit {
        // A test's children may not hear of SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Has it answer nothing until `body` is done.
    func stall<T>(_ body: () throws -> T) rethrows -> T {
        kill(process.processIdentifier, SIGSTOP)
        defer { kill(process.processIdentifier, SIGCONT) }
        return try body()
    }

    var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Options of everything that uses the bucket.
    func options(lockDays: Int? = 30) -> [String] {
        [
            "--store", "s3://\(Self.bucket)/nodes/one", "--s3-endpoint", endpoint, "--s3-region",
            "us-east-1", "--s3-credentials", folder.path("s3.keys"),
        ] + (lockDays.map { ["--s3-lock-days", String($0)] } ?? [])
    }

    func store(retention: S3Store.Retention? = nil, keys: String = "s3.keys") throws -> S3Store {
        let text = Array(try Data(contentsOf: folder.url.appending(path: keys)))
        let credentials = S3Credentials(parsing: SecretBytes(copying: text))
        return S3Store(
            try #require(S3Place("s3://\(Self.bucket)/own")),
            endpoint: endpoint,
            region: "us-east-1",
            credentials: try #require(credentials),
            retention: retention,
            patienceSeconds: 1,
            client: HTTPClient()
        )
    }

    /// Looks into the service past the check of signatures, as its operator may.
    func look(
        _ method: String,
        _ path: String,
        _ headers: [String] = [],
        body: [UInt8]? = nil
    ) throws -> HTTPClient.Response {
        var request = HTTPClient.Request(
            url: "\(endpoint)/\(Self.bucket)\(path)",
            body: body,
            countMax: 1 << 24,
            timeoutMilliseconds: 30_000
        )
        request.method = method
        request.headers =
            headers + [
                "X-Test: look",
                "Authorization: AWS4-HMAC-SHA256 Credential=o/20260101/us-east-1/s3/aws4_request,"
                    + " SignedHeaders=host, Signature=00",
            ]
        return try HTTPClient().send(request)
    }

    /// The keys of all objects, by the listing that the node itself never uses.
    func keys() throws -> [String] {
        let text = String(decoding: try look("GET", "?list-type=2").body, as: UTF8.self)
        return text.split(separator: "<Key>").dropFirst().map { rest in
            String(rest.prefix { $0 != "<" })
        }
    }
}
