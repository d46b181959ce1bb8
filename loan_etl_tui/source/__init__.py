"""Where rows come from: files on disk become raw batches, one row per record.

The way of a tape, in reading order:

`paths` which files a config names · `files` their fingerprint, and the watch that they stay the
same while they are read · `claims` what a file is when it is no tape · `inflate` and `archive`
compressed forms, counted against bombs · `open` a delivery as one or more tables · `decode` any
encoding to UTF-8 · `feed` a window that moves over the bytes · `dialect` delimiter and quotes ·
`header` and `width` where the data starts and what its columns are called · `cut` where records
end · `careful` the odd record, read singly · `cells` pyarrow's part · `skip` lines that are no
loans · `rows` blank, skipped, faulty, and the rest · `tape` all of it for one table · `csv` the
connector.

`base` is what every connector keeps to, `limits` how much of anything is read.
"""
