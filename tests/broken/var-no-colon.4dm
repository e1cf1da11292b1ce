var $a Text
