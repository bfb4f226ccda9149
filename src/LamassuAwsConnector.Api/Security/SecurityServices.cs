using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Core.Lamassu;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using FrameworkCors = Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions;

namespace LamassuAwsConnector.Api.Security;

internal static class SecurityServices
{
    // Keys are a few KB from a server nearby, and a caller waits for them.
    private static readonly TimeSpan KeysTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Who may call: tokens, and pages of other origins.</summary>
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddCheckedOptions<AuthOptions>(AuthOptions.SectionName);
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.AddCheckedOptions<CorsOptions>(CorsOptions.SectionName);
        services.AddSingleton<IValidateOptions<CorsOptions>, CorsOptionsValidator>();
        services.AddHttpClient(SigningKeys.HttpClientName, client => client.Timeout = KeysTimeout).ConfigurePrimaryHttpMessageHandler(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AuthOptions>>().Value;
            return Tls.HandlerTrusting(options.CACertFile, options.InsecureSkipVerify);
        });
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, BearerTokens>();

        // In place of AddAuthentication().AddJwtBearer(), which would also make keys for cookies, written to disk, and read a configuration of its own
        // that could widen what is accepted.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<JwtBearerOptions, JwtBearerHandler>(JwtBearerDefaults.AuthenticationScheme, configureOptions: null);
        services.AddHostedService<AccessNotice>();
        services.AddSingleton<IConfigureOptions<FrameworkCors>, AllowedOrigins>();
        return services.AddCors();
    }

    /// <summary>What is mapped after it is closed to those who may not call; what stands before it is open.</summary>
    public static void UseAccess(this WebApplication app)
    {
        // Explicitly, or the framework would put it before everything else.
        app.UseAuthentication();
        app.UseMiddleware<Access>();
    }

    /// <summary>No cookies: tokens are in a header, which a foreign page can't send unasked.</summary>
    private sealed class AllowedOrigins(IOptions<CorsOptions> options) : IConfigureOptions<FrameworkCors>
    {
        // What a browser may remember of a preflight; Chromium's limit is two hours.
        private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromMinutes(10);

        public void Configure(FrameworkCors cors) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Value.AllowedOrigins])
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete)
            .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType)
            .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
            .SetPreflightMaxAge(PreflightMaxAge));
    }
}
