"""The csv connector: delimited text files, plain or compressed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.model.frames import RAW
from loan_etl_tui.source.base import Delivery, Layout, RawBatch
from loan_etl_tui.source.decode import find_encoding
from loan_etl_tui.source.files import take_fingerprint, watched
from loan_etl_tui.source.limits import DEFAULT_LIMITS, MIB, Limits
from loan_etl_tui.source.open import open_members
from loan_etl_tui.source.paths import find_files
from loan_etl_tui.source.tape import Tape

BLOCK_BYTES = 4 * MIB


class CsvSource:
    """Loan tapes as delimited text: `Source` for connector `csv`.

    Every byte of a delivery is accounted for: it stands before the data, in exactly one record
    (whole or faulty), on a blank line, or on a skipped one. `offset` and `length` of a raw row
    are positions in the decompressed file; for an encoding that is neither UTF-8 nor one byte a
    character, such as utf-16, in its UTF-8 form.

    Args:
        spec: the config's source block.
        root: folder that relative paths start from.
        limits: what is refused.
        block_bytes: size of the blocks read; results do not depend on it.

    Raises:
        ConfigError: there is no such encoding.
    """

    def __init__(
        self,
        spec: SourceSpec,
        root: Path,
        *,
        limits: Limits = DEFAULT_LIMITS,
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        find_encoding(spec.encoding)
        self._spec = spec
        self._root = root
        self._limits = limits
        self._block_bytes = block_bytes

    def deliveries(self) -> tuple[Path, ...]:
        """List the files that `source.path` names now; see `paths.find_files`."""
        return find_files(self._spec.path, self._root)

    def fingerprint(self, path: Path) -> Delivery:
        """Hash a file and note its identity; see `files.take_fingerprint`."""
        return take_fingerprint(self._root / path)

    def layout(self, delivery: Delivery) -> Layout:
        """Read the header, in an archive that of its first table.

        Raises:
            SourceMissing: the file is empty.
            SourceUnreadable: the file is not what it claims to be, or its header is broken.
            LayoutChanged: the header is not found, or the number of fields is not accepted.
            SourceChanged: the file is no longer the one that was fingerprinted.
        """
        with watched(delivery) as file, closing(open_members(file, self._limits)) as members:
            tape = Tape(next(members), self._spec, self._limits, self._block_bytes)
            return tape.read_head().layout

    def batches(self, delivery: Delivery, columns: tuple[str, ...]) -> Iterator[RawBatch]:
        """Read all records of all tables of a delivery.

        Args:
            delivery: the fingerprinted file.
            columns: header spellings to deliver as `source.NAME`; of several columns with one
                name the first.

        Yields:
            Batches of one block each, in file order.

        Raises:
            SourceChanged: the bytes read are not those that were fingerprinted.
            SourceUnreadable: a byte cannot be decoded, or a compressed stream is broken.
            LayoutChanged: a table of an archive lacks one of the columns.
        """
        with watched(delivery) as file:
            for member in open_members(file, self._limits):
                yield from Tape(member, self._spec, self._limits, self._block_bytes).batches(
                    columns
                )
            file.verify()

    def reread(self, delivery: Delivery, records: Collection[tuple[int, int]]) -> pa.Table:
        """Fetch the raw rows of some records again.

        Args:
            delivery: the fingerprinted file.
            records: pairs of file index and record number, as raw rows carry them.

        Returns:
            (k, frames.RAW) those that exist, in file order.
        """
        wanted: dict[int, list[int]] = defaultdict(list)
        for file, record in records:
            wanted[file].append(record)
        pieces: list[pa.Table] = []
        missing = len(set(records))
        for batch in self.batches(delivery, ()) if missing else ():
            table = batch.table
            if table.num_rows:
                numbers = wanted.get(table.column("file")[0].as_py(), [])
                piece = table.filter(np.isin(table.column("record").to_numpy(), numbers))
                pieces.append(piece)
                missing -= piece.num_rows
            if not missing:
                break
        return pa.concat_tables([RAW.empty_table(), *pieces])
