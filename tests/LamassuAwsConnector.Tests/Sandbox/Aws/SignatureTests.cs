using System.Net;
using System.Net.Http.Headers;
using LamassuAwsConnector.Sandbox.Aws;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class SignatureTests : AwsStandInTest
{
    private static readonly SigV4Signer Right = new("AKIAFAKE000000000000", "fakesecret", Region, "iot");

    [Theory]
    [InlineData("iot")]
    [InlineData("execute-api")]
    public async Task A_right_signature_is_taken_for_both_scopes_of_the_control_plane(string service) =>
        Assert.Equal(64, (await CallAsync("GET /registrationcode", service: service)).Succeeded()["registrationCode"]!.Length);

    [Fact]
    public async Task The_default_credentials_are_taken() => (await SignedAsync(Right, _ => { })).Succeeded();

    [Fact]
    public async Task A_session_token_is_allowed_and_must_be_signed()
    {
        (await SignedAsync(Right, _ => { }, request => request.Headers.Add("x-amz-security-token", "to/ken+="))).Succeeded();
        (await SignedAsync(Right, request => request.Headers.Add("x-amz-security-token", "to/ken+="))).Refused(403, "InvalidSignatureException");
    }

    [Fact]
    public async Task A_wrong_secret_is_refused() => (await SignedAsync(Right with { Secret = "other" }, _ => { })).Refused(403, "InvalidSignatureException");

    [Fact]
    public async Task An_unknown_key_id_is_refused() =>
        (await SignedAsync(Right with { AccessKeyId = "AKIAUNKNOWN" }, _ => { })).Refused(403, "UnrecognizedClientException");

    [Fact]
    public async Task A_tampered_body_is_refused()
    {
        var answer = await SignedAsync(
            Right,
            request => request.Content = new StringContent("""{"resourceArn":"b"}""", new MediaTypeHeaderValue("application/json")),
            requestLine: "POST /tags",
            body: """{"resourceArn":"a"}"""
        );
        answer.Refused(403, "InvalidSignatureException");
    }

    [Fact]
    public async Task A_tampered_query_is_refused()
    {
        var answer = await SignedAsync(
            Right,
            request => request.RequestUri = new Uri(Url, "/certificates/" + new string('a', 64) + "?newStatus=ACTIVE"),
            requestLine: $"PUT /certificates/{new string('a', 64)}?newStatus=REVOKED"
        );
        answer.Refused(403, "InvalidSignatureException");
    }

    [Fact]
    public async Task A_tampered_principal_is_refused()
    {
        var answer = await SignedAsync(
            Right,
            request =>
            {
                request.Headers.Remove("x-amzn-principal");
                request.Headers.Add("x-amzn-principal", "b");
            },
            before: request => request.Headers.Add("x-amzn-principal", "a"),
            requestLine: "GET /principals/things"
        );
        answer.Refused(403, "InvalidSignatureException");
    }

    [Fact]
    public async Task A_principal_that_is_not_signed_is_refused()
    {
        var answer = await SignedAsync(Right, request => request.Headers.Add("x-amzn-principal", "b"), requestLine: "GET /principals/things");
        Assert.Contains("not signed", answer.Refused(403, "InvalidSignatureException")["message"]);
    }

    [Theory]
    [InlineData(-6, "Signature expired")]
    [InlineData(6, "Signature not yet current")]
    public async Task A_signature_of_another_time_is_refused(int minutes, string reason)
    {
        using var request = Request("GET /registrationcode", null, out var body);
        Right.Sign(request, body, TimeProvider.System.GetUtcNow().AddMinutes(minutes));
        Assert.StartsWith(reason, (await SendAsync(request)).Refused(403, "InvalidSignatureException")["message"]);
    }

    [Theory]
    [InlineData(null, "MissingAuthenticationTokenException")]
    [InlineData("Bearer abc", "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/iot/aws4_request, SignedHeaders=host", "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/eu-west-1/iot, SignedHeaders=host, Signature=b", "IncompleteSignatureException")]
    public async Task A_request_without_a_whole_signature_is_refused(string? authorization, string error)
    {
        using var request = Request("GET /registrationcode", null, out _);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        (await SendAsync(request)).Refused(403, error);
    }

    [Fact]
    public async Task A_service_that_is_not_served_is_named() =>
        Assert.Contains("sqs", (await CallAsync("POST /", "{}", service: "sqs")).Refused(404, "UnknownOperationException")["message"]);

    [Fact]
    public async Task A_label_with_a_slash_and_a_percent_sign_is_verified_and_decoded() =>
        Assert.Contains("a/b%25 é", (await CallAsync("GET /policies/a%2Fb%2525%20%C3%A9")).RefusedAsInvalid()["message"]);

    [Fact]
    public async Task Each_region_has_a_state_of_its_own()
    {
        await ThingAsync("here");
        (await CallAsync("GET /things/here", region: "us-east-1")).Refused(404, "ResourceNotFoundException");
        Assert.NotEqual(await RegistrationCodeAsync(), (await CallAsync("GET /registrationcode", region: "us-east-1"))["registrationCode"]);
    }

    [Fact]
    public async Task STS_names_the_account_and_refuses_in_XML()
    {
        var answer = await CallAsync("POST /", "Action=GetCallerIdentity&Version=2011-06-15", service: "sts");
        Assert.Equal(200, answer.Status);
        Assert.Contains("<Account>123456789012</Account>", answer.Text);

        using var request = Request("POST /", "Action=GetCallerIdentity&Version=2011-06-15", out var body);
        (Right with { Service = "sts", Secret = "other" }).Sign(request, body, TimeProvider.System.GetUtcNow());
        var refused = await SendAsync(request);
        Assert.Equal(403, refused.Status);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", refused.Text);
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_of_its_own()
    {
        var answers = new[]
        {
            await CallAsync("GET /registrationcode"),
            await CallAsync("GET /things/none"),
            await SignedAsync(Right with { Secret = "x" }, _ => { }),
        };
        Assert.Equal(3, answers.Select(answer => answer.RequestId).Where(id => !string.IsNullOrEmpty(id)).Distinct().Count());
    }

    [Fact]
    public async Task A_taken_port_is_an_exception()
    {
        var options = new AwsStandInOptions { Port = Url.Port };
        await Assert.ThrowsAsync<IOException>(() => AwsStandIn.StartAsync(options, Time, Cancelled));
    }

    [Fact]
    public void It_listens_on_loopback_alone() => Assert.True(IPAddress.IsLoopback(IPAddress.Parse(Url.Host)));

    private async Task<AwsAnswered> SignedAsync(
        SigV4Signer signer,
        Action<HttpRequestMessage> after,
        Action<HttpRequestMessage>? before = null,
        string requestLine = "GET /registrationcode",
        string? body = null
    )
    {
        using var request = Request(requestLine, body, out var bytes);
        before?.Invoke(request);
        signer.Sign(request, bytes, TimeProvider.System.GetUtcNow());
        after(request);
        return await SendAsync(request);
    }
}
