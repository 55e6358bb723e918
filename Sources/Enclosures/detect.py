# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Runs the stages of co-share detection on Apache Spark.

usage: spark-submit detect.py PARAMETERS.json OUTPUT_DIRECTORY

Spark reads, groups, sorts and counts; what decides (how a record is read, which shares are a pair)
is resguardo-stage, which every worker gets as one file. No row passes through Python, except those
of the result. Texts stay in the stage's escapes until the end: equal texts are equal there too.
"""

import concurrent.futures
import json
import os
import re
import sys

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

# A bucket holds the shares of one thing in so many windows: few copies, and no task with all of
# what everybody shares.
BUCKET_WINDOWS = 64
BUCKET_SECONDS_MIN = 600
# What one task sorts at a time, in bytes of the input.
TASK_BYTES = 32 << 20


def escaped(column):
    """A column as a field for the stage; a text that is no UTF-8 as what the stage takes for it."""
    text = F.coalesce(column, F.lit(""))
    for byte, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = F.replace(text, F.lit(byte), F.lit(escape))
    return F.when(F.is_valid_utf8(F.coalesce(column, F.lit(""))), text).otherwise(F.lit("\\!"))


class Detection:
    def __init__(self, spark: SparkSession, parameters: dict) -> None:
        self.spark = spark
        self.parameters = parameters
        self.partitions = 0
        self.files: list[str] = []

    def stage(self, command: str, rows: DataFrame, fields: list[str]) -> DataFrame:
        """Pipes each partition, as it is sorted, through the stage."""
        name = "stage_" + re.sub("[^a-z]", "_", command.split()[0])
        rows.withColumn("stop", F.lit(".")).createOrReplaceTempView(name)
        columns = ", ".join(f"CAST({column} AS STRING)" for column in [*rows.columns, "stop"])
        outputs = ", ".join(f"{field} STRING" for field in [*fields, "stop"])
        form = r"ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' LINES TERMINATED BY '\n'"
        return self.spark.sql(
            f"SELECT TRANSFORM({columns}) {form} USING './resguardo-stage {command}' "
            f"AS ({outputs}) {form} FROM {name}"
        ).drop("stop")

    def keyed(self, rows: DataFrame) -> DataFrame:
        """Gives rows a key that sorts as they stand, however the file is cut and read."""
        file = F.lit("") if len(self.files) == 1 else F.concat(F.col("path"), F.lit("|"))
        return rows.withColumn(
            "key",
            F.concat(
                escaped(file),
                F.lower(F.lpad(F.hex("block"), 16, "0")),
                F.lower(F.lpad(F.hex("number"), 16, "0")),
            ),
        )

    def read(self) -> DataFrame:
        """The shares: key, kind, object, account, content, time."""
        path, form = self.parameters["input"], self.parameters["form"]
        if form == "csv":
            table = self.spark.read.option("lineSep", "\n").text(path)
            names = ["value"]
        elif form == "json":
            schema = ", ".join(f"{name} STRING" for name in self.parameters["columns"])
            options = {"mode": "PERMISSIVE" if self.parameters["lenient"] else "FAILFAST"}
            table = self.spark.read.schema(schema).options(**options).json(path)
            names = self.parameters["columns"]
        else:
            table = self.spark.read.parquet(path)
            names = self.parameters["columns"]
            missing = [name for name in names if name not in table.columns]
            if missing:
                raise Refusal("columns;" + ",".join(missing))
        self.files = sorted(table.inputFiles())
        byte_count = sum(self.opened(file)[1].getLen() for file in self.files)
        parallelism = self.spark.sparkContext.defaultParallelism
        self.partitions = max(2 * parallelism, byte_count // TASK_BYTES)
        self.spark.conf.set("spark.sql.shuffle.partitions", self.partitions)
        rows = table.select(
            *(F.col(name).cast("string").alias(name) for name in names),
            F.col("_metadata.file_path").alias("path"),
            F.col("_metadata.file_block_start").alias("block"),
            F.monotonically_increasing_id().alias("number"),
        )
        keyed = self.keyed(rows).select("key", *(escaped(F.col(name)).alias(name) for name in names))
        command = "read-columns"
        if form == "csv":
            command = "read-csv " + self.header(self.files[0]).encode().hex()
        if self.parameters["lenient"]:
            command += " lenient"
        fields = ["key", "kind", "object", "account", "content", "time"]
        return self.stage(command, keyed, fields).persist(StorageLevel.DISK_ONLY)

    def header(self, file: str) -> str:
        """The first line of a file that is not empty."""
        lines = self.spark.read.option("lineSep", "\n").text(file)
        line = lines.where("value NOT IN ('', '\ufeff', '\r', '\ufeff\r')").first()
        if line is None:
            raise Refusal("header")
        return line[0]

    def opened(self, file: str):
        """A file system and the state of a file there."""
        jvm = self.spark.sparkContext._jvm
        path = jvm.org.apache.hadoop.fs.Path(jvm.java.net.URI(file))
        system = path.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration())
        return system, system.getFileStatus(path)

    def digest(self, file: str) -> str:
        """SHA-256 of a file's content, unpacked if its name says that it is packed."""
        jvm = self.spark.sparkContext._jvm
        hadoop = self.spark.sparkContext._jsc.hadoopConfiguration()
        system, status = self.opened(file)
        content = system.open(status.getPath())
        codecs = jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(hadoop)
        codec = codecs.getCodec(status.getPath())
        if codec is not None:
            content = codec.createInputStream(content)
        digest = jvm.java.security.MessageDigest.getInstance("SHA-256")
        sink = jvm.java.security.DigestOutputStream(
            jvm.java.io.OutputStream.nullOutputStream(), digest
        )
        jvm.org.apache.hadoop.io.IOUtils.copyBytes(content, sink, 1 << 20, True)
        return bytes(digest.digest()).hex()

    def swept(self, rows: DataFrame, command: str, fields: list[str]) -> DataFrame:
        """Sweeps the window over each thing's shares, cut into buckets of time.

        A pair belongs to the bucket of its older share; the next bucket's first shares come along.
        """
        window = self.parameters["window"]
        width = max(BUCKET_SECONDS_MIN, BUCKET_WINDOWS * window)
        seconds = F.col("time").cast("bigint")
        bucket = F.expr(
            f"(CAST(time AS BIGINT) - pmod(CAST(time AS BIGINT), {width})) DIV {width}"
        )
        own = rows.withColumn("bucket", bucket).withColumn("whose", F.lit("o"))
        copies = (
            own.where(seconds - F.col("bucket") * width < window)
            .withColumn("bucket", F.col("bucket") - 1)
            .withColumn("whose", F.lit("c"))
        )
        both = own.unionByName(copies).withColumn("seconds", seconds)
        sorted_rows = (
            both.repartition(self.partitions, "object", "bucket")
            .sortWithinPartitions("object", "bucket", "seconds", "first", "key")
            .select("object", "bucket", "time", "account", "content", "key", "whose")
        )
        return self.stage(f"{command} {window}", sorted_rows, fields)

    # CooRTweet

    def kept(self, shares: DataFrame) -> DataFrame:
        """The shares of accounts with enough of them, and each account's first row."""
        accounts = shares.groupBy("account").agg(
            F.count("*").alias("count"), F.min("key").alias("first")
        )
        accounts = accounts.where(F.col("count") >= self.parameters["participation"])
        return shares.join(accounts.drop("count"), "account")

    def participating(self, kept: DataFrame, contents: DataFrame) -> DataFrame:
        """Contents in pairs, of accounts with enough shares of such."""
        paired = kept.join(contents.distinct(), "content", "left_semi")
        accounts = paired.groupBy("account").count()
        accounts = accounts.where(F.col("count") >= self.parameters["participation"])
        return paired.join(accounts, "account", "left_semi").select("content").distinct()

    def co_shares(self, shares: DataFrame) -> DataFrame:
        """The rows of the result: edges, or all rows that tables are made of."""
        kept = self.kept(shares)
        matchable = kept.where("kind = 'm'")
        if self.parameters["edges"]:
            return self.edges(kept, matchable)
        keys = self.swept(matchable, "rows", ["key"]).distinct()
        keys = keys.persist(StorageLevel.DISK_ONLY)
        found = kept.join(keys, "key", "left_semi")
        contents = self.participating(kept, found.select("content"))
        marks = contents.withColumn("mark", F.lit("p"))
        found = found.join(marks, "content", "left").fillna("n", ["mark"])
        # Of each thing, the row that stands first: tables of things are in that order.
        first = kept.join(found.select("object").distinct(), "object", "left_semi")
        first = first.groupBy("object").agg(
            F.min_by(F.struct("key", "account", "content", "time", "first"), F.struct("first", "key"))
            .alias("row")
        ).select("object", "row.*").withColumn("mark", F.lit("f"))
        columns = ["key", "first", "mark", "object", "account", "content", "time"]
        return found.select(columns).unionByName(first.select(columns))

    def edges(self, kept: DataFrame, matchable: DataFrame) -> DataFrame:
        fields = ["older", "newer", "content", "content_newer", "delay", "side"]
        pairs = self.swept(matchable, "pairs", fields).persist(StorageLevel.DISK_ONLY)
        if self.parameters["participation"] > 1:
            contents = pairs.select("content").union(pairs.select("content_newer"))
            marks = self.participating(kept, contents).persist(StorageLevel.DISK_ONLY)
            pairs = (
                pairs.join(marks.select("content", F.lit(1).alias("a")), "content", "left")
                .join(
                    marks.select(F.col("content").alias("content_newer"), F.lit(1).alias("b")),
                    "content_newer",
                    "left",
                )
                .where("a IS NOT NULL OR b IS NOT NULL")
            )
        ends = pairs.select(
            F.expr("IF(side = '<', older, newer)").alias("from"),
            F.expr("IF(side = '<', newer, older)").alias("to"),
            "content",
            "content_newer",
            F.col("delay").cast("bigint").alias("delay"),
        )
        return ends.groupBy("from", "to").agg(
            F.count("*").alias("weight"),
            F.count_distinct("content").alias("older"),
            F.count_distinct("content_newer").alias("newer"),
            F.sum("delay").alias("delay"),
        )

    # The coordination-network-toolkit

    def toolkit(self, shares: DataFrame) -> DataFrame:
        """The rows of the result: edges, or all rows that have a pair."""
        counted = (
            shares.groupBy("content", "object")
            .agg(F.min_by(F.struct("key", "account", "time"), "key").alias("row"))
            .where("object != ''")
            .select("object", "content", "row.*")
            .withColumn("first", F.col("key"))
        )
        if not self.parameters["edges"]:
            keys = self.swept(counted, "rows", ["key"]).distinct()
            found = counted.join(keys, "key", "left_semi").withColumn("mark", F.lit("p"))
            return found.select("key", "first", "mark", "object", "account", "content", "time")
        fields = ["older", "newer", "content", "content_newer", "delay", "side"]
        pairs = self.swept(counted, "pairs", fields).persist(StorageLevel.DISK_ONLY)
        meetings = pairs.selectExpr("older AS source", "newer AS target", "content").union(
            pairs.selectExpr("newer AS source", "older AS target", "content_newer AS content")
        )
        edges = meetings.groupBy("source", "target").agg(
            F.count_distinct("content").alias("weight")
        )
        return edges.where(F.col("weight") >= self.parameters["weight"])

    def run(self, output: str) -> None:
        # Digests need the driver only: they are taken while the workers work.
        shares = self.read()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            digests = pool.map(self.digest, self.files)
            kinds = dict(shares.groupBy("kind").count().collect())
            read = shares.where("kind != 'x'")
            by_rule = {"coortweet": self.co_shares, "toolkit": self.toolkit}
            rows = by_rule[self.parameters["rule"]](read)
            line = rows.select(F.concat_ws("\t", *rows.columns, F.lit(".")))
            with open(os.path.join(output, "rows"), "w", encoding="utf-8", newline="\n") as file:
                for (text,) in line.toLocalIterator():
                    file.write(text + "\n")
            summary = {
                "shares": kinds.get("m", 0) + kinds.get("u", 0),
                "skipped": kinds.get("x", 0),
                "digests": list(digests),
            }
        with open(os.path.join(output, "summary.json"), "w", encoding="utf-8") as file:
            json.dump(summary, file)


class Refusal(Exception):
    """What resguardo-stage says as well."""


def refusal(error: Exception) -> str | None:
    """What the stage said that ended the work, its line counted through the whole file."""
    if isinstance(error, Refusal):
        return str(error)
    found = re.search(r"resguardo-stage: ([^\n]*)", str(error))
    return found[1] if found else None


def counted(spark: SparkSession, parameters: dict, reason: str) -> str:
    """The same with lines counted from the file's start, not from that of the part."""
    words = reason.split(";", 5)
    if words[0] != "csv" or parameters["form"] != "csv":
        return reason
    block = int(words[5][-16:], 16)
    lines = spark.read.option("lineSep", "\n").text(parameters["input"])
    file = words[5][:-16].removesuffix("|")
    before = lines.where(F.col("_metadata.file_block_start") < block)
    if file:
        before = before.where(F.col("_metadata.file_path") == file)
    words[1] = str(int(words[1]) + before.count())
    return ";".join(words)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        parameters = json.load(file)
    output = sys.argv[2]
    spark = SparkSession.builder.appName("resguardo feed detect").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.sparkContext.addFile(parameters["stage"])
    try:
        Detection(spark, parameters).run(output)
    except Exception as error:
        reason = refusal(error)
        if reason is None:
            raise
        with open(os.path.join(output, "refusal"), "w", encoding="utf-8") as file:
            file.write(counted(spark, parameters, reason))
        sys.exit(65)
    finally:
        spark.stop()


main()
