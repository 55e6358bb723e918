// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Glibc
import Outside
import Sodium
import Storage

/// Where a node keeps what it keeps, when that is not the home.
///
/// Spec: `docs/spec/node-s3.md`, section 1.
struct StoreOptions: ParsableArguments {
    /// What they are called in a configuration file.
    static let names: Set<String> = [
        "store", "s3-endpoint", "s3-region", "s3-credentials", "s3-lock-days", "s3-lock-mode",
    ]

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Keep deposits and their log in an S3 bucket: s3://BUCKET[/PREFIX].",
                es: "Guardar depósitos y su registro en un bucket S3: s3://BUCKET[/PREFIJO]."
            ).local,
            valueName: "url"
        )
    )
    var store: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "URL of the S3 service (without: Amazon's of the region).",
                es: "URL del servicio S3 (sin ella: el de Amazon de la región)."
            ).local,
            valueName: "url"
        )
    )
    var s3Endpoint: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Region of the bucket (default: us-east-1).",
                es: "Región del bucket (si falta: us-east-1)."
            ).local,
            valueName: Text(en: "region", es: "región").local
        )
    )
    var s3Region: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "File with the keys of the S3 service (without: systemd's credential “s3”).",
                es: "Archivo con las claves del servicio S3 (sin él: credencial s3 de systemd)."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var s3Credentials: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Days for which the bucket shall keep tiles and deposits from being removed.",
                es: "Días en que el bucket impide borrar los mosaicos y depósitos."
            ).local,
            valueName: Text(en: "days", es: "días").local
        )
    )
    var s3LockDays: Int64?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Who may shorten that: nobody (compliance, the default) or some (governance).",
                es: "Quién puede acortarlo: nadie (compliance, si falta) o algunos (governance)."
            ).local,
            valueName: Text(en: "mode", es: "modo").local
        )
    )
    var s3LockMode: String?

    /// The store; nil where everything is in the home.
    ///
    /// - Parameters:
    ///   - file: The configuration file.
    ///   - route: The way to services elsewhere; one on this machine is asked directly.
    /// - Returns: The store.
    /// - Throws: `.usage`; `.notAllowed` for a bucket that keeps nothing.
    func open(_ file: ServerFile, _ route: RouteOptions) throws -> S3Store? {
        guard let text = store ?? file["store"] else { return nil }
        guard let place = S3Place(text) else {
            throw Failure(
                .usage,
                Text(en: "this is no store: \(text)", es: "no es un almacén: \(text)"),
                hint: Text(
                    en: "write s3://BUCKET or s3://BUCKET/PREFIX, with letters, digits and hyphens",
                    es: "escriba s3://BUCKET o s3://BUCKET/PREFIJO, con letras, cifras y guiones"
                )
            )
        }
        let endpoint = try endpoint(file)
        let isHere = endpoint?.hasPrefix("http://") ?? false
        let days = try lockDays(file)
        let mode = try lockMode(file)
        let store = S3Store(
            place,
            endpoint: endpoint,
            region: try region(file),
            credentials: try credentials(file),
            retention: days.map { days in
                S3Store.Retention(mode: mode) {
                    Timestamp(seconds: Int64(time(nil)) + days * 86_400).rfc3339
                }
            },
            client: isHere ? HTTPClient() : try route.client(file)
        )
        guard try days == nil || store.takesRetention() else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "the bucket has no Object Lock: nothing can be kept from being removed",
                    es: "el bucket no tiene Object Lock: no se puede impedir que se borre"
                ),
                hint: Text(
                    en: "make a bucket with Object Lock, or leave --s3-lock-days out",
                    es: "cree un bucket con Object Lock, o no indique --s3-lock-days"
                )
            )
        }
        return store
    }

    private func endpoint(_ file: ServerFile) throws -> String? {
        guard let text = s3Endpoint ?? file["s3-endpoint"] else { return nil }
        guard let url = S3Place.endpoint(text) else {
            throw Failure(
                .usage,
                Text(
                    en: "the S3 service needs an https URL, or http on this machine",
                    es: "el servicio S3 necesita una URL https, o http en esta máquina"
                )
            )
        }
        return url
    }

    private func region(_ file: ServerFile) throws -> String {
        let region = s3Region ?? file["s3-region"] ?? "us-east-1"
        guard PlainName.isOne(region[...]) else {
            throw Failure(
                .usage,
                Text(en: "this is no region: \(region)", es: "no es una región: \(region)")
            )
        }
        return region
    }

    private func lockDays(_ file: ServerFile) throws -> Int64? {
        guard let days = s3LockDays ?? file["s3-lock-days"].map({ Int64($0) ?? 0 }) else {
            return nil
        }
        guard (1...36_500).contains(days) else {
            throw Failure(
                .usage,
                Text(
                    en: "s3-lock-days is a number of days, 1 to 36500",
                    es: "s3-lock-days es un número de días, 1 a 36500"
                )
            )
        }
        return days
    }

    private func lockMode(_ file: ServerFile) throws -> String {
        let mode = s3LockMode ?? file["s3-lock-mode"] ?? "compliance"
        guard mode == "compliance" || mode == "governance" else {
            throw Failure(
                .usage,
                Text(
                    en: "s3-lock-mode is compliance or governance",
                    es: "s3-lock-mode es compliance o governance"
                )
            )
        }
        return mode.uppercased()
    }

    private func credentials(_ file: ServerFile) throws -> S3Credentials {
        let given = Environment.nonEmpty("CREDENTIALS_DIRECTORY").map { $0 + "/s3" }
        guard let path = s3Credentials ?? file["s3-credentials"] ?? given else {
            throw Failure(
                .usage,
                Text(
                    en: "an S3 service wants to know who asks",
                    es: "un servicio S3 quiere saber quién pregunta"
                ),
                hint: Text(
                    en: "give --s3-credentials FILE, or LoadCredential=s3:FILE in the unit",
                    es: "indique --s3-credentials ARCHIVO, o LoadCredential=s3:ARCHIVO en la unidad"
                )
            )
        }
        guard let credentials = S3Credentials(parsing: try PlumbingLogFiles.secret(path)) else {
            throw Failure(
                .usage,
                Text(
                    en: "\(path) does not have the lines of credentials",
                    es: "\(path) no tiene las líneas de unas credenciales"
                ),
                hint: Text(
                    en: "two lines: access-key-id ID, and secret-access-key KEY",
                    es: "dos líneas: access-key-id ID, y secret-access-key CLAVE"
                )
            )
        }
        return credentials
    }
}

extension BlobFailure: DescribedFailure {
    package var failure: Failure {
        switch self {
        case .unreachable:
            Failure(
                .cannotReachServer,
                Text(en: "the store does not answer", es: "el almacén no responde"),
                hint: Text(
                    en: "nothing is lost: start again when it does",
                    es: "no se perdió nada: inicie de nuevo cuando responda"
                )
            )
        case .refused(let code):
            Failure(
                .failed,
                Text(en: "the store refuses: \(code)", es: "el almacén se niega: \(code)")
            )
        case .damaged(let key):
            Failure(
                .storeDamaged,
                Text(
                    en: "an object of the store is missing or damaged (\(key))",
                    es: "falta o está dañado un objeto del almacén (\(key))"
                )
            )
        }
    }
}
