<?php

require __DIR__ . '/../de/lang.php';
