using LamassuAwsConnector.Api.Problems;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;

namespace LamassuAwsConnector.Api.Security;

/// <summary>
/// Lets a request through or answers it. It looks at the path and not at what is mapped there, so a route is closed unless it is named here: also one that
/// does not exist.
/// </summary>
internal sealed partial class Access(
    RequestDelegate next, IOptions<AuthOptions> options, IOptions<MetricsOptions> metrics, IProblemDetailsService problems, ILogger<Access> logger)
{
    private const string Unauthorized = "unauthorized";
    private const string Forbidden = "forbidden";

    public async Task InvokeAsync(HttpContext context)
    {
        if (options.Value.IsNone || IsOpen(context.Request.Path))
        {
            await next(context);
        }
        else if (!options.Value.IsJwt)
        {
            await RefuseAsync(context, new Refusal(
                StatusCodes.Status403Forbidden,
                "auth_not_configured",
                "The connector's configuration has no auth section, so its API is closed. "
                    + "Set auth.mode to jwt with auth.authority, or to none to let everybody in."));
        }
        else
        {
            await CheckTokenAsync(context);
        }
    }

    private bool IsOpen(PathString path) => path.StartsWithSegments("/health") || (metrics.Value.Open && path.StartsWithSegments("/metrics"));

    private async Task CheckTokenAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync();
        if (result.Failure is ConnectorException unavailable)
        {
            throw unavailable;
        }

        if (!result.Succeeded)
        {
            await RefuseAsync(context, Refusal.Of(result.Failure));
            return;
        }

        var roles = BearerTokens.Roles(result.Properties);
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (roles.Contains(options.Value.RequiredRole, StringComparer.Ordinal) || (isRead && MayRead(roles)))
        {
            await next(context);
            return;
        }

        await RefuseAsync(context, new Refusal(
            StatusCodes.Status403Forbidden,
            Forbidden,
            MayRead(roles)
                ? $"The role {options.Value.ReadOnlyRole} may only read; {context.Request.Method} needs the role {options.Value.RequiredRole}."
                : $"The token has not the role {options.Value.RequiredRole} in its claim {options.Value.RolesClaim}."));
    }

    private bool MayRead(IReadOnlyList<string> roles) =>
        options.Value.ReadOnlyRole is { Length: > 0 } role && roles.Contains(role, StringComparer.Ordinal);

    private async Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        Log.Refused(logger, context.Request.Method, context.Request.Path, refusal.Status, refusal.Code, refusal.Reason);
        context.Response.StatusCode = refusal.Status;
        if (refusal.Challenge is { } challenge)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = challenge;
        }

        await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = ProblemMembers.Of(
                refusal.Status == StatusCodes.Status401Unauthorized ? Unauthorized : Forbidden,
                refusal.Status == StatusCodes.Status401Unauthorized ? "Who calls is not known" : "Not allowed",
                refusal.Status,
                refusal.Code,
                FailureSource.Connector,
                refusal.Reason),
        });
    }

    private sealed record Refusal(int Status, string Code, string Reason)
    {
        // RFC 6750, section 3: without a token the bare scheme, with a bad one the error.
        public string? Challenge => Status != StatusCodes.Status401Unauthorized ? null
            : Code == "token_missing" ? "Bearer"
            : $"Bearer error=\"invalid_token\", error_description=\"{Reason}\"";

        // The library's own words are not passed on: they can hold parts of the token.
        public static Refusal Of(Exception? failure)
        {
            var (code, reason) = failure switch
            {
                null => ("token_missing", "A bearer token is needed."),
                SecurityTokenExpiredException => ("token_expired", "The token has expired."),
                SecurityTokenNotYetValidException => ("token_not_yet_valid", "The token is not valid yet."),
                SecurityTokenNoExpirationException => ("token_invalid", "The token has no expiry."),
                SecurityTokenInvalidIssuerException => ("token_wrong_issuer", "The token is from another issuer than the configured one."),
                SecurityTokenInvalidAudienceException => ("token_wrong_audience", "The token is meant for another audience."),
                SecurityTokenSignatureKeyNotFoundException => ("token_invalid", "The token is signed with a key that its issuer does not publish."),
                SecurityTokenInvalidSignatureException => ("token_invalid", "The token is not signed, or its signature is wrong."),
                _ => ("token_invalid", "The token is not valid."),
            };
            return new Refusal(StatusCodes.Status401Unauthorized, code, reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Method} {Path} is refused with {Status} {Code}: {Reason}")]
        public static partial void Refused(ILogger logger, string method, string path, int status, string code, string reason);
    }
}
