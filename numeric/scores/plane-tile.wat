;; The distances of a tile of points to another tile's, added up on both sides: what addRow in
;; silhouette-distances.ts does, for the plane: four rows at a time, two of them in a vector. Every sum is added up in the same order, so to the same bits.
;;
;; Memory, in float64 of 512 each: x and y of the rows, x and y of the columns, sums of the rows, sums of the columns.
(module
  (memory (export "memory") 1)
  (func (export "addFourRows")
    (param $rows i32)     ;; four at least, a multiple of four: how many rows
    (param $columns i32)  ;; how many columns
    (local $row i32) (local $column i32) (local $end i32)
    (local $x01 v128) (local $y01 v128) (local $x23 v128) (local $y23 v128)
    (local $sum01 v128) (local $sum23 v128) (local $x v128) (local $y v128)
    (local $dx v128) (local $dy v128) (local $d01 v128) (local $d23 v128)
    (local.set $end (i32.shl (local.get $columns) (i32.const 3)))
    (local.set $rows (i32.shl (local.get $rows) (i32.const 3)))
    (loop $eachRow
      (local.set $x01 (v128.load (local.get $row)))
      (local.set $x23 (v128.load offset=16 (local.get $row)))
      (local.set $y01 (v128.load offset=4096 (local.get $row)))
      (local.set $y23 (v128.load offset=4112 (local.get $row)))
      (local.set $sum01 (v128.load offset=16384 (local.get $row)))
      (local.set $sum23 (v128.load offset=16400 (local.get $row)))
      (local.set $column (i32.const 0))
      (loop $eachColumn
        (local.set $x (v128.load64_splat offset=8192 (local.get $column)))
        (local.set $y (v128.load64_splat offset=12288 (local.get $column)))
        (local.set $dx (f64x2.sub (local.get $x01) (local.get $x)))
        (local.set $dy (f64x2.sub (local.get $y01) (local.get $y)))
        (local.set $d01 (f64x2.sqrt (f64x2.add (f64x2.mul (local.get $dx) (local.get $dx)) (f64x2.mul (local.get $dy) (local.get $dy)))))
        (local.set $dx (f64x2.sub (local.get $x23) (local.get $x)))
        (local.set $dy (f64x2.sub (local.get $y23) (local.get $y)))
        (local.set $d23 (f64x2.sqrt (f64x2.add (f64x2.mul (local.get $dx) (local.get $dx)) (f64x2.mul (local.get $dy) (local.get $dy)))))
        (local.set $sum01 (f64x2.add (local.get $sum01) (local.get $d01)))
        (local.set $sum23 (f64x2.add (local.get $sum23) (local.get $d23)))
        (f64.store offset=20480 (local.get $column)
          (f64.add (f64.add (f64.add (f64.add
            (f64.load offset=20480 (local.get $column))
            (f64x2.extract_lane 0 (local.get $d01))) (f64x2.extract_lane 1 (local.get $d01)))
            (f64x2.extract_lane 0 (local.get $d23))) (f64x2.extract_lane 1 (local.get $d23))))
        (local.set $column (i32.add (local.get $column) (i32.const 8)))
        (br_if $eachColumn (i32.lt_u (local.get $column) (local.get $end))))
      (v128.store offset=16384 (local.get $row) (local.get $sum01))
      (v128.store offset=16400 (local.get $row) (local.get $sum23))
      (local.set $row (i32.add (local.get $row) (i32.const 32)))
      (br_if $eachRow (i32.lt_u (local.get $row) (local.get $rows))))))
