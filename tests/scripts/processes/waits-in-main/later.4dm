#DECLARE($ticks : Integer; $text : Text)
DELAY PROCESS(Current process; $ticks)
ALERT($text)
