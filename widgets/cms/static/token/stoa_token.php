<?php
// GET /stoa/token for pages whose web server signs people in. PHP 7.4 and later, nothing else.
// REMOTE_USER is the server's own: no visitor can send it. The settings come from its configuration
// (Apache: SetEnv; nginx with php-fpm: fastcgi_param).

$secret = rtrim((string) file_get_contents($_SERVER['STOA_SECRET_FILE'] ?? getenv('STOA_SECRET_FILE')));

function setting(string $name): string
{
    return (string) ($_SERVER[$name] ?? getenv($name));
}

function part(string $data): string
{
    return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
}

function sign(array $claims, string $secret): string
{
    $json = json_encode($claims, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
    $head = part('{"alg":"HS256","typ":"JWT"}') . '.' . part($json);
    return $head . '.' . part(hash_hmac('sha256', $head, $secret, true));
}

function token(string $user, string $name, array $groups, string $secret): string
{
    $moderators = setting('STOA_MODERATORS');
    $now = time();
    return sign([
        'iss' => setting('STOA_ISSUER'), 'aud' => setting('STOA_SITE'), 'sub' => $user,
        'iat' => $now, 'exp' => $now + 120, 'jti' => bin2hex(random_bytes(16)),
        'name' => $name ?: $user,
        'roles' => $moderators !== '' && in_array($moderators, $groups, true) ? ['moderator'] : [],
        'groups' => $groups,
    ], $secret);
}

header('Content-Type: application/json');
header('Cache-Control: no-store');
$from = $_SERVER['HTTP_SEC_FETCH_SITE'] ?? 'none';
$user = trim($_SERVER['REMOTE_USER'] ?? '');
$made = null;
if ($_SERVER['REQUEST_METHOD'] !== 'GET' || !in_array($from, ['same-origin', 'none'], true)) {
    http_response_code(403);
} elseif ($user !== '' && strlen($secret) >= 32) {
    $groups = array_values(array_filter(array_map('trim', explode(',', $_SERVER['REMOTE_GROUPS'] ?? '')), 'strlen'));
    $made = token($user, trim($_SERVER['REMOTE_NAME'] ?? ''), $groups, $secret);
}
echo json_encode(['token' => $made]);
