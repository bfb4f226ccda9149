using System.Net;
using System.Text;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Lamassu;

/// <summary>Our own tokens for Lamassu: client credentials, over TLS with the same trust as the calls.</summary>
public sealed class LamassuTokenTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lamassu-token");
    private readonly MadeCA ca = new("Private CA");
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private SecureLamassu server = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LamassuClient Lamassu => services.GetRequiredService<LamassuClient>();

    private IReadOnlyList<SeenRequest> Calls => [.. server.Requests.Where(request => request.Path.StartsWith("/v1/", StringComparison.Ordinal))];

    public async ValueTask InitializeAsync()
    {
        server = await SecureLamassu.StartAsync(new SecureLamassuSettings(ca.IssueServer()));
        services = LamassuTlsTests.Services(
            server,
            time,
            ("ca_cert_file", ca.WritePem(folder.FullName)),
            ("auth_mode", "jwt"),
            ("jwt_options:oidc_client_id", "aws:connector"),
            ("jwt_options:oidc_client_secret", "s3cret/+ ä"),
            ("jwt_options:oidc_well_known", $"{server.Url}.well-known/openid-configuration"));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await server.DisposeAsync();
        ca.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Calls_carry_a_token_that_was_asked_for_once()
    {
        await Lamassu.GetCAAsync("ca-1", Cancellation);
        await PutAsync();

        var asked = Assert.Single(server.TokenRequests);
        Assert.Equal("grant_type=client_credentials", asked.Body);
        var credentials = Encoding.UTF8.GetString(Convert.FromBase64String(asked.Authorization!["Basic ".Length..])).Split(':');
        Assert.Equal(("aws:connector", "s3cret/+ ä"), (WebUtility.UrlDecode(credentials[0]), WebUtility.UrlDecode(credentials[1])));
        Assert.Equal(["Bearer token-1", "Bearer token-1"], Calls.Select(call => call.Authorization));
        Assert.All(Calls, call => Assert.Equal("service/awsiot-connector/aws.1", call.Headers["x-lms-source"]));
    }

    [Fact]
    public async Task Calls_at_the_same_time_wait_for_one_token()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PutAsync()));

        Assert.Single(server.TokenRequests);
        Assert.Equal(20, Calls.Count);
    }

    [Fact]
    public async Task A_token_is_renewed_shortly_before_it_ends()
    {
        await PutAsync();
        time.Advance(TimeSpan.FromSeconds(279));
        await PutAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await PutAsync();

        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], Calls.Select(call => call.Authorization));
    }

    [Theory]
    [InlineData("""{"access_token":"short","expires_in":10}""", 4, 6)]
    [InlineData("""{"access_token":"unsaid"}""", 39, 41)]
    public async Task A_short_lifetime_or_none_at_all_does_not_make_a_token_for_each_call(string answer, int stillGood, int renewed)
    {
        server.Token = (_, _) => (200, answer);
        await PutAsync();
        time.Advance(TimeSpan.FromSeconds(stillGood));
        await PutAsync();
        Assert.Single(server.TokenRequests);

        time.Advance(TimeSpan.FromSeconds(renewed - stillGood));
        await PutAsync();

        Assert.Equal(2, server.TokenRequests.Count);
    }

    [Fact]
    public async Task A_token_that_Lamassu_does_not_take_is_replaced_once_and_the_whole_request_sent_again()
    {
        server.Status = request => request.Authorization == "Bearer token-1" ? 401 : 200;

        await Lamassu.UpdateCAMetadataAsync("ca-1", new MetadataPatch().Set("k", "arn", "x"), Cancellation);

        Assert.Equal(["Bearer token-1", "Bearer token-2"], Calls.Select(call => call.Authorization));
        Assert.Equal(Calls[0].Body, Calls[1].Body);
        Assert.Contains("/k/arn", Calls[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lamassu_that_takes_no_token_is_denied_access_after_the_second()
    {
        server.Status = _ => 401;

        var failure = await Assert.ThrowsAsync<ConnectorException>(PutAsync);

        Assert.Equal((FailureKind.Denied, "lamassu_denied"), (failure.Kind, failure.Code));
        Assert.Equal(2, Calls.Count);
    }

    [Fact]
    public async Task An_issuer_that_takes_the_credentials_in_the_form_alone_gets_them_there_from_then_on()
    {
        server.Token = (request, _) => request.Authorization is null ? (200, """{"access_token":"by-form","expires_in":60}""") : (401, """{"error":"invalid_client"}""");

        await PutAsync();
        time.Advance(TimeSpan.FromSeconds(61));
        await PutAsync();

        Assert.Equal(["Basic", null, null], server.TokenRequests.Select(request => request.Authorization?.Split(' ')[0]));
        Assert.Contains("client_secret=s3cret%2F%2B+%C3%A4", server.TokenRequests[1].Body, StringComparison.Ordinal);
        Assert.All(Calls, call => Assert.Equal("Bearer by-form", call.Authorization));
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client","error_description":"s3cret"}""", FailureKind.Denied, "lamassu_token_denied")]
    [InlineData(400, """{"error":"unauthorized_client"}""", FailureKind.Denied, "lamassu_token_denied")]
    [InlineData(500, "s3cret", FailureKind.Unavailable, "lamassu_token_unavailable")]
    [InlineData(200, "{}", FailureKind.Unavailable, "lamassu_token_unavailable")]
    [InlineData(200, "<html>s3cret", FailureKind.Unavailable, "lamassu_token_unavailable")]
    [InlineData(200, """{"access_token":7}""", FailureKind.Unavailable, "lamassu_token_unavailable")]
    public async Task Without_a_token_nothing_is_called_and_the_reason_is_said_without_the_secret(int status, string body, FailureKind kind, string code)
    {
        server.Token = (_, _) => (status, body);

        var failure = await Assert.ThrowsAsync<ConnectorException>(PutAsync);

        Assert.Equal((kind, code), (failure.Kind, failure.Code));
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(Calls);
    }

    [Fact]
    public async Task An_issuer_that_is_back_is_asked_again()
    {
        server.Token = (_, number) => number == 1 ? (503, "") : (200, """{"access_token":"late","expires_in":60}""");
        await Assert.ThrowsAsync<ConnectorException>(PutAsync);

        await PutAsync();

        Assert.Equal("Bearer late", Assert.Single(Calls).Authorization);
    }

    private Task PutAsync() => Lamassu.UpdateCAMetadataAsync("ca-1", new MetadataPatch(), Cancellation);
}
