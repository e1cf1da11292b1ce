#DECLARE($log : Collection; $line : Text)
$log.push($line)
