// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The first thing that whoever receives a bag should read, in both languages.
enum BagReadme {
    static let bytes = Array(
        """
        RESGUARDO: EVIDENCE / EVIDENCIA

        Start with the report (report-en.html or informe-es.html, and the PDF if there is one).
        Comience por el informe (report-en.html o informe-es.html, y el PDF si lo hay).

        To check everything without trusting whoever gave you this, nor Resguardo:
        Para revisarlo todo sin confiar en quien le dio esto, ni en Resguardo:

            python3 verify.py .

        It needs Python 3 and openssl. Get verify.py from elsewhere if you can, and compare.
        Necesita Python 3 y openssl. Consiga verify.py en otra parte si puede, y compare.

        Other programs agree on parts of it / Otros programas coinciden en partes de ello:

            sha256sum --check --quiet manifest-sha256.txt tagmanifest-sha256.txt
            bagit.py --validate .
            cd data/log; for t in *.tsr; do
                openssl ts -verify -in $t -data ${t%%.*}.checkpoint \\
                    -partial_chain -CAfile ${t%.tsr}.pem
            done

        A certificate that came with the bag vouches for itself: get the root certificate of the
        time-stamping authority from the authority, and give it: verify.py . --tsa-roots FILE
        Un certificado que vino con el paquete responde por sí mismo: pida el certificado raíz a la
        autoridad de sellado de tiempo, e indíquelo: verify.py . --tsa-roots ARCHIVO

            data/items/ITEM/original/    the originals, unchanged / los originales, sin cambios
            data/items/ITEM/evidence.json   names, digests, custody / nombres, resúmenes, custodia
            data/items/ITEM/receipt.txt  proof of deposit / prueba del depósito
            data/log/                    checkpoints, time stamps / sellos de tiempo
            data/custody.jsonld          custody log (CASE/UCO) / cadena de custodia
            bag.dsse.json                signature over it all / firma de todo
            spec/                        how everything is made / cómo está hecho todo

        """.utf8
    )
}
