<?php

require __DIR__ . '/../de/settings.php';
