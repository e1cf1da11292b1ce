var Text $a
