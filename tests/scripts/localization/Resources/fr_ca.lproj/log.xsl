<log/>
